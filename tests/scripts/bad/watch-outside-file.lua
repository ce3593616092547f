-- expect: 7: watch: the page is 2; give a number from 0 to 1
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { watch(file, { 0, 2 }), checkpoint "01" }
