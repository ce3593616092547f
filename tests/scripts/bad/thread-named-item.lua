-- expect: 7: thread: the list has a name 'first' in it; give operations only
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { first = map:read(0) })
