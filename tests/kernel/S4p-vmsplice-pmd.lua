-- SPDX-License-Identifier: MIT
-- vmsplice() of pages behind a PMD: the old rules count each page, the new ones the head,
-- once a page that is held.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa4 }
local app  = process()
local map  = app:mmap { file = file, pages = 512 }

local head, tail, again, all = pipe(), pipe(), pipe(), pipe()

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 5, 511, 512 }),
	map:write(0, 0x12):label "touch write page0",
	checkpoint "01-pmd-mapped",
	map:vmsplice(head, 0):label "vmsplice 1 pages",
	checkpoint "02-vmsplice-head",
	map:vmsplice(tail, 5):label "vmsplice 1 pages",
	checkpoint "03-vmsplice-tail5",
	map:vmsplice(again, 5):label "vmsplice 1 pages",
	checkpoint "04-vmsplice-tail5-again",
	map:vmsplice(all, 0, 16):label "vmsplice 16 pages",
	checkpoint "05-vmsplice-pages0-15",
	map:munmap(),
	checkpoint "06-munmap-refs-held",
	head:drain():label "drain pipe",
	checkpoint "07-drained-head",
	all:drain():label "drain pipe",
	checkpoint "08-drained-0-15",
	tail:drain():label "drain pipe",
	checkpoint "09-drained-tail",
	again:drain():label "drain pipe",
	checkpoint "10-all-drained",
}
