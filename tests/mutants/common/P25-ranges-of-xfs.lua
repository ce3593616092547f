-- SPDX-License-Identifier: MIT
-- What a map of a file on xfs shows after fsync(), collapse, zero range, allocate and write().

local pmem  = device { type = "fsdax", fs = "xfs", pages = 6 }
local first  = pmem:file { pages = 3, fill = 0xa1 }
local map   = process():mmap { file = first, shift = 1 }

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write page0",
	map:write(1, 0x12):label "write page1",
	map:write(2, 0x13):label "write page2",
	first:fsync():label "fsync",
	first:collapse(0):label "collapse",
	map:read(0):label "read page0",
	map:read(1):label "read page1",
	first:zero_range(0):label "zero",
	map:read(0):label "read page0 of zeros",
	first:allocate(2):label "allocate",
	map:read(1):label "read page1 after allocate",
	first:pwrite(0, 0x14):label "pwrite",
	map:read(0):label "read page0 after pwrite",
}
