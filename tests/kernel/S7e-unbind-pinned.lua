-- SPDX-License-Identifier: MIT
-- The device is unbound while a process_vm_readv() pins a page of a file that nobody
-- has open. The old kernel takes the memmap away, and the reader dies in the unpin; the
-- new one waits in the eviction.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa7 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, shift = 1 }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2 }),
	map:write(0, 0x11):label "touch write page0",
	map:pin(0, { remote = true }):as "stuck",
	map:munmap(),
	file:close(),
	checkpoint "01-pin-held-unmapped",
	start("unbind", pmem:unbind():label "unbind with FOLL_PIN held"),
	checkpoint "02-after-unbind",
	start("release", unpin "stuck"),
	checkpoint "03-after-release",
	wait("unbind"):label "unbind late",
}
