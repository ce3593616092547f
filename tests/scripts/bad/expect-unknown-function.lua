-- expect: 8: violates: no step is taken in a function 'dax_associate'; name one as mmref explain does
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
expect { ["v6.1"] = violates("use-after-unplug", "dax_associate") }
