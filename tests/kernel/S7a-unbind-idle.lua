-- SPDX-License-Identifier: MIT
-- The device is unbound under a mounted file system of which nothing is mapped, and
-- bound again. The old kernel still opens files and fails their reads and faults; the
-- new one has shut the file system down.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa7 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, later = true, shift = 1 }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2, 511, 512 }),
	file:close(),
	checkpoint "01-fs-mounted-nothing-mapped",
	start("unbind", pmem:unbind():label "unbind, fs mounted, file closed"),
	checkpoint "02-after-unbind",
	file:open():label "open after unbind",
	unless("failed", {
		file:pread(0):label "pread",
		map:mmap(),
		map:read(0):label "touch read fresh mmap",
		map:munmap(),
		file:close(),
	}),
	pmem:umount():label "umount",
	checkpoint "03-after-umount",
	pmem:rebind():label "rebind",
	checkpoint "04-after-rebind",
}
