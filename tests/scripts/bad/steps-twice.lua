-- expect: 8: steps: it is said a second time; put everything into one
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { map:read(0) }
steps { map:read(1) }
