-- SPDX-License-Identifier: MIT
-- A child has what its parent stored before the fork, and neither sees what the other stores later. Of
-- a private map of a file, PTEs that a child did not inherit would read as the file.

local pmem   = device { type = "fsdax", pages = 8 }
local file   = pmem:file { pages = 2, fill = 0xa9 }
local app    = process()
local map    = app:mmap { file = file, shift = 1, private = true }
local heap   = app:mmap { anon = true, pages = 3 }
local child  = app:child()
local theirs = map:in_child(child)
local their  = heap:in_child(child)

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "file: write",
	map:read(1):label "file: read",
	heap:write(0, 0x21):label "heap: write",
	heap:read(2):label "heap: read of nothing",
	checkpoint "before-fork",
	child:fork():label "fork",
	theirs:read(0):label "file: child reads",
	their:read(0):label "heap: child reads",
	theirs:write(0, 0x12):label "file: child writes",
	their:write(0, 0x22):label "heap: child writes",
	checkpoint "child-wrote",
	map:read(0):label "file: parent reads",
	heap:read(0):label "heap: parent reads",
	heap:dontneed():label "heap: madvise",
	heap:read(0):label "heap: read after madvise",
	map:dontneed():label "file: madvise",
	map:read(0):label "file: read after madvise",
	checkpoint "after-madvise",
	their:read(0):label "heap: child reads its own",
	child:exit():label "exit",
}
