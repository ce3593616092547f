-- expect: 8: before: it is said a second time; put everything into one
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
before { map:read(0) }
before { map:read(1) }
