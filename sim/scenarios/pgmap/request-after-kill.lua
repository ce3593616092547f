-- SPDX-License-Identifier: MIT
-- A page is requested from a device that was alive when that was asked.
--
--   1. app faults page 0: pgmap_request_folios() asks whether the pgmap is dying; it is not
--   2. admin unbinds: the pgmap is killed, its count goes to 0, and the memmap is taken away
--   3. app raises the count of a struct page that is gone; percpu_ref_tryget() fails, which nobody
--      asks
--
-- "fsdax: introduce pgmap_request_folios()", nvdimm, Oct 2022, leaves it to its caller that the
-- pgmap stays alive. fs/dax.c sees to that from patch 7 of the series on, with the SRCU section in
-- which the device was found alive; williams-2022/leaves-srcu-early is without it. As posted what
-- is left is that the DAX entry holds the device, and the removal hangs.
-- The kernels request nothing, and fail as unplug/fault-against-unbind.lua says.
-- When the bug is back: use-after-unplug.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app",   { map:write(0), map:munmap() })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug",
         ["williams-2022"] = hangs "unplug",
         ["williams-2022/leaves-srcu-early"] = violates "use-after-unplug" }
