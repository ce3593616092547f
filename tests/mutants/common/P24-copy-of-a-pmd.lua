-- SPDX-License-Identifier: MIT
-- A store to one page of a PMD that two files share makes a copy: the other pages of the copy read as the
-- original, and the other file as before.

local pmem   = device { type = "fsdax", fs = "xfs", pages = 24 }
local first  = pmem:file { pages = 8, fill = 0xa1 }
local second = pmem:file { pages = 8, fill = 0xa2 }
local app    = process()
local map    = app:mmap { file = first }
local other  = app:mmap { file = second }

kernel { debug_vm = false }

steps {
	second:clone(first):label "clone",
	other:write(1, 0x22):label "other: write page1",
	checkpoint "written",
	other:read(0):label "other: read page0",
	other:read(1):label "other: read page1",
	other:read(7):label "other: read page7",
	map:read(0):label "read page0",
	map:read(1):label "read page1",
	first:pwrite(0, 0x12):label "pwrite",
	map:read(1):label "read page1 after pwrite",
	map:read(0):label "read page0 after pwrite",
}
