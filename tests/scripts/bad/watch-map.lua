-- expect: 7: watch: what is watched is a map; give a file
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { watch(map, { 0 }), checkpoint "01" }
