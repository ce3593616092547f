-- expect: 8: thread: line 7 has steps; a scenario has threads or steps, not both
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { map:read(0) }
thread("app", { map:read(0) })
