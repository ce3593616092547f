-- SPDX-License-Identifier: MIT
-- The file system is unmounted, and the device unbound and bound again: what was mapped
-- once is nobody's any more, and the pages come back fresh.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa7 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, shift = 1 }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2, 511, 512 }),
	map:write(0):label "touch write p0",
	map:munmap(),
	file:close(),
	checkpoint "01-mapped-once",
	start("umount", pmem:umount():label "umount"),
	checkpoint "02-after-umount",
	start("unbind", pmem:unbind():label "unbind, not mounted"),
	checkpoint "03-after-unbind",
	pmem:rebind():label "rebind",
	checkpoint "04-after-rebind",
}
