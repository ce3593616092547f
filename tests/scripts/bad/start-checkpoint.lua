-- expect: 7: start: what it does is another step; give an operation
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { start("admin", checkpoint "01") }
