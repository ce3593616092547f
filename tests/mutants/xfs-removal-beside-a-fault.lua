-- SPDX-License-Identifier: MIT
-- A removal asks which processes map a page of xfs, while a read fault has the entry of it locked: the removal
-- waits for the entry, without xa_lock.
local pmem = device { type = "fsdax", fs = "xfs", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }
thread("app",   { map:read(0), map:munmap(), file:close() })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug",
         ["v6.12"] = violates "use-after-unplug", ["williams-2022-v2"] = hangs "unplug",
         ["williams-2022"] = hangs "unplug", ["gunthorpe-2022"] = holds,
         ["v6.15"] = violates "use-after-unplug",
         ["v7.2"] = violates "use-after-unplug" }
