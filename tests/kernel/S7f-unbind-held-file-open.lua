-- SPDX-License-Identifier: MIT
-- The same as S7c, but the file is open: its inode is not evicted, so not even the new
-- kernel waits, and whoever reads the pipe dies.

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
	checkpoint "01-ref-held-unmapped-file-open",
	start("unbind", pmem:unbind():label "unbind, vmsplice ref held, file open"),
	checkpoint "02-after-unbind",
	held:drain():label "drain pipe",
}
