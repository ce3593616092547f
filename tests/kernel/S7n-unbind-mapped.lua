-- SPDX-License-Identifier: MIT
-- The device is unbound while a file of it is mapped. What is mapped can still be
-- read. A write through a read-only PTE is a SIGBUS on the old kernel, which dies later,
-- in the umount; the new one looks at the page first, and dies there.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa7 }
local app  = process()
local map  = app:mmap { file = file, shift = 1 }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2 }),
	map:write(0, 0x11):label "touch write page0",
	map:read(1):label "touch read page1",
	checkpoint "01-mapped",
	start("unbind", pmem:unbind():label "unbind while mapped+open"),
	checkpoint "02-after-unbind",
	map:read(0):label "touch read page0 (mapped)",
	map:write(0):label "touch write page0 (mapped)",
	map:read(1):label "touch read page1 (mapped ro)",
	map:read(2):label "touch read page2",
	map:read(700):label "touch read page700 (not mapped)",
	checkpoint "03-after-touch",
	map:munmap():label "munmap",
	file:close(),
	start("umount", pmem:umount():label "umount"),
	checkpoint "04-end",
}
