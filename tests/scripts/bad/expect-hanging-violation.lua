-- expect: 8: violates: 'unplug-hangs' has a verdict of its own; write hangs "unplug"
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
expect { ["v6.1"] = violates "unplug-hangs" }
