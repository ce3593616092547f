-- expect: 7: this process is made later, but nothing makes it; do process:fork()
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local child = app:child()
thread("app", { map:in_child(child):read(0) })
