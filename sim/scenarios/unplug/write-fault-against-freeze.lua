-- SPDX-License-Identifier: MIT
-- A store to a page of an xfs while its device is unbound.
--
--   1. app stores to page 0, which is not mapped, and faults
--   2. admin unbinds the device; from 6.12 on xfs freezes for that
--
-- A fault that writes holds the file system unfrozen until its PTE is inserted, and then it is
-- unmapped with the others; or it waits for the thaw, and gets a SIGBUS. With a load instead it
-- is read-fault-through-freeze; on ext4, which never freezes for this, fault-against-unbind. 6.1
-- has the notification and no freeze, and unmaps nothing: where the page holds its device, as in
-- williams-2022 and gunthorpe-2022, the removal hangs. popple-2023 dies in the fault, which maps a
-- page that counts 0.
-- When the bug is there: use-after-unplug.
local pmem = device { type = "fsdax", fs = "xfs", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app",   { map:write(0) })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = holds,
         ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug",
         ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = holds, ["v7.2"] = holds }
