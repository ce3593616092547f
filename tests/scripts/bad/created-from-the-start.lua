-- expect: 7: file:create: the file is there from the start; declare it with later = true
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { file:create() })
