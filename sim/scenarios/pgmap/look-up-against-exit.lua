-- SPDX-License-Identifier: MIT
-- A look-up finds a pgmap whose reference has been taken apart.
--
--   1. app faults page 0: get_dev_pagemap() finds the pgmap in the array
--   2. admin unbinds: the reference is killed and has come to 0; percpu_ref_exit() frees its
--      counters, and the pgmap is in the array still
--   3. app asks for a live reference, and would count in what is freed
--
-- 1e57ffb6e3fd (2022) moved the exit behind the array, against this race. Step 3 does not come to
-- the counters: the kill has marked them dead long before; a look-up that began before that is a
-- reader of the RCU grace period that the count cannot come to 0 in, and one that begins after it
-- looks at the mark first. So the order from before, gunthorpe-2022/exit-first, holds as well. In
-- the kernels a fault is no such look-up, and fails as unplug/fault-against-unbind.lua says.
-- Were it seen: kernel-bug.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app",   { map:write(0), map:munmap() })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug",
         ["gunthorpe-2022"] = holds, ["gunthorpe-2022/exit-first"] = holds }
