-- SPDX-License-Identifier: MIT
-- A fallocate() unmaps the pages of a file, and private copies are none of them.
--
--   1. app stores to page 0 of a private map: the fault makes it a copy of its own
--   2. admin zeroes page 1 of the file, and then punches it out. Both break the layout of the whole
--      file, which unmaps it, so that GUP has to come back to the file system
--   3. app reads page 0, and must find what it stored. Where the copy was unmapped as well, it
--      faults, and finds what the file has
--
-- Vivek Goyal, v4.18 to v5.2: "I lost the data I had written". d75996dd022b (v5.3) has
-- dax_layout_busy_page() leave private copies mapped. A truncate unmaps them too, as it must: after
-- that the pages are past the end of the file.
-- When the bug is back: private-lost.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2, fill = 0xa1 }
local map  = process():mmap { file = file, private = true, shift = 1 }

thread("app",   { map:write(0, 0x11), map:read(0) })
thread("admin", { file:zero_range(1), file:punch(1) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["popple-2023"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
