-- SPDX-License-Identifier: MIT
-- xfs freezes itself "to prevent new mappings from being created", and a read fault comes in.
--
--   1. admin unbinds the device; from 6.12 on xfs freezes, goes through its reverse mapping,
--      unmaps and forgets what it finds, and is not shut down yet
--   2. app reads page 0 and faults: sb_start_pagefault() is only for faults that write, the file
--      system answers, and the device is alive still
--   3. admin shuts the file system down, ends the freeze, and removes the pages
--   4. app inserts the page, or reads through the PTE that it has inserted
--
-- xfs_dax_notify_failure_freeze() and xfs_dax_read_fault() of 7.2; no report is known. The same
-- with a store holds, see write-fault-against-freeze: that fault waits for the thaw and finds
-- the file system shut down. williams-2022 and gunthorpe-2022 hang: nobody unmaps the page. Where
-- nothing else goes wrong, popple-2023 dies in the fault, which maps a page that counts 0.
-- When the bug is there: use-after-unplug.
local pmem = device { type = "fsdax", fs = "xfs", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app",   { map:read(0) })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug",
         ["popple-2023"] = violates "use-after-unplug",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug" }
