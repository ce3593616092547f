-- SPDX-License-Identifier: MIT
-- A store to a page that two files of xfs share, beside a removal: where the device is dead by the time that the
-- copy is to be made, the fault fails, and its block is given back.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local file   = pmem:file { pages = 1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = file }

before { second:clone(file) }
thread("app",   { map:write(0) })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "use-after-unplug",
         ["williams-2022"] = violates "use-after-unplug",
         ["gunthorpe-2022"] = hangs "unplug", ["v6.15"] = holds, ["v7.2"] = holds }
