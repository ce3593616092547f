-- SPDX-License-Identifier: MIT
-- A PTE outlives the device behind it.
--
--   1. app faults page 0; under the old rules the PTE takes no reference, under the new
--      ones it takes one that the pgmap does not know of
--   2. admin unbinds the device: memunmap_pages() finds nothing to wait for and takes the
--      memmap away
--   3. app reads through the PTE
--
-- Jason Gunthorpe, linux-mm, 14 Oct 2021: "continued PTE reference to memory that is now
-- removed". Not fixed for ext4, which does not ask to be told of a dying device; xfs does, and
-- from 6.12 on unmaps its files first, see stale-pte-on-xfs. A recorded 6.1 and 7.2 read on; 7.2
-- dies in the next write.
-- When the bug is there: use-after-unplug. Were a mapped page to hold its pgmap, the removal
-- would hang instead.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app",   { map:read(0) })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022-v2"] = hangs "unplug",
         ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug" }
