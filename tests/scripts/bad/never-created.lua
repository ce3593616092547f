-- expect: 7: this file is made later, but nothing makes it; do file:create()
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local other = pmem:file { pages = 1, later = true }
thread("app", { map:read(0) })
