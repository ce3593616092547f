-- expect: 9: map:mmap: the child has this map by its fork; leave the mmap out
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local child = app:child()
local theirs = map:in_child(child)
thread("app", { child:fork(), theirs:mmap() })
