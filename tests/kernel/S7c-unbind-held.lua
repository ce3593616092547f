-- SPDX-License-Identifier: MIT
-- The device is unbound while a vmsplice() holds a page of a file that nobody has
-- open. The old kernel takes the memmap away, and whoever reads the pipe dies; the
-- new one waits in the eviction until the pipe is read.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa7 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, shift = 1 }
local held = pipe()

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2 }),
	map:write(0, 0x11):label "touch write page0",
	map:vmsplice(held, 0):label "vmsplice 1 pages",
	map:munmap(),
	file:close(),
	checkpoint "01-ref-held-unmapped",
	start("unbind",
	      pmem:unbind():label "unbind with vmsplice ref held (not mapped, mounted)"),
	checkpoint "02-after-unbind",
	held:drain():label "drain pipe",
	checkpoint "03-after-drain",
	wait("unbind"):label "unbind late",
}
