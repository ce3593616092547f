-- expect: 7: this does nothing where it stands; put it into before, thread or steps
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
map:write(0)
thread("app", { map:read(0) })
