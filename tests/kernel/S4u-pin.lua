-- SPDX-License-Identifier: MIT
-- process_vm_readv() that is stuck in a copy holds its pages with FOLL_PIN: 1024 a
-- page, whether the page is mapped or not.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa4 }
local app  = process()
local map  = app:mmap { file = file, pages = 512 }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2 }),
	map:read(0):label "touch read page0",
	checkpoint "01-mapped",
	map:pin(0, { pages = 2, remote = true }):as "first",
	checkpoint "02-process_vm_readv-held(p0,p1)",
	map:pin(0, { remote = true }):as "second",
	checkpoint "03-second-held(p0)",
	unpin "second",
	checkpoint "04-second-released",
	map:munmap(),
	checkpoint "05-munmap-pin-held",
	unpin "first",
	checkpoint "06-released",
	file:truncate(0):label "truncate0",
}
