-- expect: 7: this map is made later, but nothing makes it; do map:mmap()
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local other = app:mmap { file = file, later = true }
thread("app", { map:read(0) })
