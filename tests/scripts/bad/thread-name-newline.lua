-- expect: 7: thread: the name has a control character in it; keep to one line
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("a\nb", { map:read(0) })
