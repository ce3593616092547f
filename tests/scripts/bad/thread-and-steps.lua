-- expect: 8: steps: there is a thread 'app'; a scenario has threads or steps, not both
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
steps { map:read(0) }
