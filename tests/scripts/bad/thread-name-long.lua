-- expect: 8: thread: the name has 104 characters; give it at most 100
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local name = "abcdefghijklm"
thread(name .. name .. name .. name .. name .. name .. name .. name, { map:read(0) })
