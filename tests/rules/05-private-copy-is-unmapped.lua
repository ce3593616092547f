-- SPDX-License-Identifier: MIT
-- A fallocate() of one page throws away what another process has stored to its private copy.
--
--   1. app stores to page 0 of a private map: it gets a copy of its own
--   2. admin zeroes page 1 of the file: the layout of the whole file is broken, and
--      dax_layout_busy_page() unmaps private copies as well
--   3. app reads page 0: it faults, and finds what the file has
--
-- Vivek Goyal, v4.18 to v5.2: d75996dd022b (v5.3) leaves private copies mapped. Only GUP has to be
-- sent back to the file system, and GUP finds no page of the file behind a private copy.
-- When the bug is back: private-lost.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2, fill = 0xa1 }
local map  = process():mmap { file = file, private = true, shift = 1 }

before { map:write(0, 0x11) }
thread("admin, then app", { file:zero_range(1), map:read(0) })

expect { ["v6.1"] = holds, ["v7.2"] = holds }
