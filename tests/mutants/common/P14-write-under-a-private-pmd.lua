-- SPDX-License-Identifier: MIT
-- A private map reads a file through a PMD. A write splits the PMD and copies one page; the others
-- still read as the file, and a part of the file that is punched reads as zeros.

local pmem = device { type = "fsdax", pages = 16 }
local file = pmem:file { pages = 8, fill = 0xa9 }
local app  = process()
local map  = app:mmap { file = file, private = true }
local part = app:mmap { file = file, pages = 8 }

kernel { debug_vm = false }

steps {
	map:read(0):label "private: read page0",
	part:read(0):label "shared: read page0",
	map:write(2, 0x11):label "private: write page2",
	map:read(2):label "private: read page2",
	map:read(3):label "private: read page3",
	part:read(2):label "shared: read page2",
	checkpoint "written",
	file:punch(3, 2):label "punch",
	map:read(2):label "private: read page2",
	map:read(3):label "private: read page3",
	part:read(3):label "shared: read page3",
	part:read(5):label "shared: read page5",
	part:munmap():label "munmap",
	map:munmap():label "munmap",
	file:truncate(0):label "truncate",
}
