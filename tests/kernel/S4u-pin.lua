-- SPDX-License-Identifier: MIT
-- process_vm_readv() that is stuck in a copy holds its pages with FOLL_PIN: 1024 a
-- page, whether the page is mapped or not; of a large folio 1 a page, and the pins are
-- told apart in its _pincount.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa4 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, shift = 1 }
local next = pmem:file { pages = 1024, fill = 0xa4, later = true }
local pmd  = app:mmap { file = next, pages = 512, later = true }

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
	unwatch(),
	next:create(),
	pmd:mmap(),
	watch(next, { 0, 1, 5, 511 }),
	pmd:write(0):label "touch write page0",
	checkpoint "07-pmd-mapped",
	pmd:pin(5, { remote = true }):as "tail",
	checkpoint "08-pvr-held-tail5",
	pmd:pin(0, { pages = 8, remote = true }):as "eight",
	checkpoint "09-pvr-held-0..7",
	unpin "eight",
	checkpoint "10-released-0..7",
	pmd:munmap(),
	checkpoint "11-munmap-pin-held",
	unpin "tail",
	checkpoint "12-released",
}
