-- SPDX-License-Identifier: MIT
-- A write() to a hole shows in the map that has read the hole, and a clone reads as its original until one
-- of the two is written to.

local pmem   = device { type = "fsdax", fs = "xfs", pages = 8 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2, fill = 0xa2 }
local app    = process()
local map    = app:mmap { file = first, shift = 1 }
local other  = app:mmap { file = second, shift = 1 }

kernel { debug_vm = false }

steps {
	first:punch(0):label "punch",
	map:read(0):label "read hole",
	first:pwrite(0, 0x11):label "pwrite to hole",
	map:read(0):label "read what was written",
	second:clone(first):label "clone",
	checkpoint "cloned",
	map:read(0):label "read page0",
	first:pread(1):label "pread page1",
	second:pread(0):label "other: pread page0",
	second:pread(1):label "other: pread page1",
	other:write(1, 0x22):label "other: write page1",
	first:pread(1):label "pread page1 again",
	other:read(1):label "other: read page1 again",
	first:fsync():label "fsync",
	first:truncate(0):label "truncate",
	second:unlink():label "unlink",
	other:munmap():label "munmap",
	second:close():label "close",
}
