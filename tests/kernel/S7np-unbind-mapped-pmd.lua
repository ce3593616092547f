-- SPDX-License-Identifier: MIT
-- The device is unbound while a PMD maps a file of it. A write through it is a SIGBUS:
-- 6.1 splits the PMD for that, and then nothing is mapped; 6.12 and 7.2 have shut the file
-- system down and leave it. 7.2 dies in the munmap, which looks at the page.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa7 }
local app  = process()
local map  = app:mmap { file = file }

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
