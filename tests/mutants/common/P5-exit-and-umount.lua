-- SPDX-License-Identifier: MIT
-- A process that exits lets go of the files that it maps: their file system can be unmounted.

local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 1, fill = 0xa9 }
local app  = process()
local map  = app:mmap { file = file }

kernel { debug_vm = false }

steps {
	map:read(0):label "read",
	file:close():label "close",
	pmem:umount():label "umount under a map",
	checkpoint "busy",
	app:exit():label "exit",
	pmem:umount():label "umount",
}
