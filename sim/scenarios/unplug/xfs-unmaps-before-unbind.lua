-- SPDX-License-Identifier: MIT
-- A file of xfs is unmapped before the device behind it goes, with nobody else at work.
--
--   1. app has page 0 mapped
--   2. app unbinds the device: kill_dax() has xfs told. From 6.12 on mf_dax_kill_procs() unmaps the page
--      and sends a SIGBUS to whoever maps it; 6.1 looks for processes that ask for an early
--      kill alone, and finds none
--   3. memunmap_pages() takes the memmap away
--   4. app reads through the PTE, where it is still there
--
-- stale-pte-on-xfs shows the same race with a fault beside it.
-- Were nobody told in step 2: use-after-unplug.
local pmem = device { type = "fsdax", fs = "xfs", pages = 2 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app", { pmem:unbind(), map:read(0) })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = holds,
         ["williams-2022-v2"] = hangs "unplug", ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug", ["v6.15"] = holds, ["v7.2"] = holds }
