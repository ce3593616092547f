-- expect: 6: file:clone: whose blocks to share is a map; give a file
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }
thread("app", { file:clone(map) })
