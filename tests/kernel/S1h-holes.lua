-- SPDX-License-Identifier: MIT
-- A hole reads as the zero page, or the huge one behind a PMD, which nobody counts; a write
-- puts a block in its place.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1, later = true }
local ptes = process():mmap { file = file, pages = 1, shift = 1, later = true }
local hole = pmem:file { pages = 512, later = true }
local pmd  = process():mmap { file = hole, pages = 512, later = true }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	file:create(),
	file:punch(0),
	ptes:mmap(),
	ptes:read(0):label "touch read hole page0",
	watch "zeropage",
	checkpoint "01-hole-read",
	unwatch(),
	ptes:write(0):label "touch write hole page0",
	watch(file, { 0 }),
	checkpoint "02-hole-write",
	ptes:munmap(),
	checkpoint "03-munmap",
	unwatch(),
	hole:create(),
	hole:punch(0, 512),
	pmd:mmap(),
	pmd:read(0):label "touch read hole PMD",
	watch "hugezero",
	checkpoint "04-hole-read-pmd",
	unwatch(),
	pmd:write(0):label "touch write hole PMD",
	watch(hole, { 0, 1, 2, 511 }),
	checkpoint "05-hole-write-pmd",
	pmd:munmap(),
	checkpoint "06-munmap",
}
