-- expect: 7: file:pread: page 2 is outside the file; its pages are 0 to 1
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { file:pread(2) })
