-- expect: 7: file:truncate: the size is 5; give a number from 0 to 4
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { file:truncate(5) })
