-- expect: 6: process:mmap: pages 1 to 2 are not all in the file; its pages are 0 to 1
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file, first = 1, pages = 2 }
