-- expect: 7: thread: item 1 is a function; give an operation
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("admin", { pmem.unbind })
