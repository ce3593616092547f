-- SPDX-License-Identifier: MIT
-- A truncate, an unlink and a punch each give a block back: a file that found none before is created then.

local pmem   = device { type = "fsdax", fs = "xfs", pages = 3 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 1, fill = 0xa2 }
local third  = pmem:file { pages = 1, later = true }
local fourth = pmem:file { pages = 1, later = true }
local fifth  = pmem:file { pages = 1, later = true }
local map    = process():mmap { file = first, shift = 1 }
local theirs = process():mmap { file = fifth, later = true, shift = 1 }

kernel { debug_vm = false }

steps {
	third:create():label "create, full",
	map:read(1):label "read page1",
	first:truncate(1):label "truncate",
	third:create():label "create after truncate",
	third:pwrite(0, 0x33):label "write third",
	third:fsync():label "fsync third",
	fourth:create():label "create, full again",
	second:close():label "close second",
	second:unlink():label "unlink",
	fourth:create():label "create after unlink",
	map:read(0):label "read page0",
	fifth:create():label "create, full for the third time",
	first:punch(0):label "punch",
	fifth:create():label "create after punch",
	map:read(0):label "read the hole",
	theirs:mmap():label "mmap fifth",
	theirs:read(0):label "read fifth",
	first:close():label "close first",
}
