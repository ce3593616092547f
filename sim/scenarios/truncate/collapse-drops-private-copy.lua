-- SPDX-License-Identifier: MIT
-- A collapse of a file unmaps a private copy that the file still reaches to.
--
--   1. app stores to page 1 of a private map: the fault makes it a copy of its own
--   2. admin takes page 0 out of the file with FALLOC_FL_COLLAPSE_RANGE: ext4_collapse_range()
--      calls truncate_pagecache(), which unmaps even private copies, from page 0 to the end, though
--      the file gets shorter by one page alone
--   3. app reads page 1 again: it faults, and finds what was page 2 of the file
--
-- A hole, a zeroed range, and a collapse on xfs leave private copies mapped: they call
-- truncate_pagecache_range(). No report is known; 6.1 and 7.2 have the same call, and so has
-- ext4_insert_range().
-- When ext4 calls truncate_pagecache_range() there: holds.
local pmem = device { type = "fsdax", pages = 3 }
local file = pmem:file { pages = 3 }
local map  = process():mmap { file = file, private = true, shift = 1 }

thread("app",   { map:write(1, 0x11), map:read(1) })
thread("admin", { file:collapse(0) })

expect { ["v6.1"] = violates "private-lost", ["v6.12"] = violates "private-lost",
         ["williams-2022-v2"] = violates "private-lost",
         ["williams-2022"] = violates "private-lost",
         ["gunthorpe-2022"] = violates "private-lost",
         ["popple-2023"] = violates "private-lost",
         ["v6.15"] = violates "private-lost", ["v7.2"] = violates "private-lost" }
