-- expect: 8: map:in_child: the process is no child of the one that has the map; give one that its process:child() made
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local stranger = process()
local theirs = map:in_child(stranger)
