-- SPDX-License-Identifier: MIT
-- xfs asks to be told when its device dies: is a page still mapped afterwards?
--
--   1. app has page 0 mapped, and stays away from it
--   2. admin unbinds the device: kill_dax() notifies the file system, which is the holder
--   3. app reads page 0
--
-- The same on ext4, which is no holder, is stale-pte-after-unplug. 6.1 calls the holder without
-- MF_MEM_PRE_REMOVE: xfs takes it for a failure of the memory, tells only processes that asked
-- for an early kill, unmaps nothing and shuts down; app reads on through the PTE. From 6.12 on
-- mf_dax_kill_procs() unmaps the page, sends app a SIGBUS, and the file system is shut down
-- before the pages go. As the read follows on the removal here, nothing can come in between;
-- what can is in read-fault-through-freeze. williams-2022 and gunthorpe-2022 have 6.1's xfs, and
-- the page that stays mapped holds the device.
-- When the bug is there: use-after-unplug.
local pmem = device { type = "fsdax", fs = "xfs", pages = 2 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("admin, then app", { pmem:unbind(), map:read(0) })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = holds,
         ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug",
         ["v6.15"] = holds, ["v7.2"] = holds }
