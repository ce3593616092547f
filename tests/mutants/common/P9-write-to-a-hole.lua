-- SPDX-License-Identifier: MIT
-- A hole that a process maps reads as zeros, and as what write() puts there once it has: the page of
-- zeros goes from the page table before the write.

local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2, fill = 0xa9 }
local map  = process():mmap { file = file, shift = 1 }

kernel { debug_vm = false }

steps {
	file:punch(0):label "punch",
	map:read(0):label "read the hole",
	map:read(1):label "read page1",
	checkpoint "mapped",
	file:pwrite(0, 0x11):label "pwrite",
	map:read(0):label "read what was written",
	map:write(0, 0x12):label "write",
	file:pread(0):label "pread",
}
