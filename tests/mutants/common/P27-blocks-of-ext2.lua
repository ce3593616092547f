-- SPDX-License-Identifier: MIT
-- An unlink gives a block of ext2 back: a file that found none before is created then.

local pmem   = device { type = "fsdax", fs = "ext2", pages = 1 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1, later = true }

kernel { debug_vm = false }

steps {
	second:create():label "create, full",
	first:pread(0):label "pread",
	first:close():label "close",
	first:unlink():label "unlink",
	second:create():label "create after unlink",
}
