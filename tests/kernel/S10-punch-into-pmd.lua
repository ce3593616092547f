-- SPDX-License-Identifier: MIT
-- A hole is punched into a PMD that nobody holds: what is left of it is mapped by PTEs
-- from then on, and the hole is filled again by a block from elsewhere.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xaa }
local app  = process()
local map  = app:mmap { file = file, pages = 1024 }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 99, 100, 511, 512 }),
	map:write(0, 0x01):label "touch write page0",
	map:write(512):label "touch write page512",
	checkpoint "01-pmd-mapped",
	remember(file, 100, "old-page100"),
	start("punch", file:punch(100):label "punch 4K at page100"),
	checkpoint "02-after-punch-page100",
	map:read(0):label "touch read page0",
	map:read(101):label "touch read page101",
	unwatch(),
	watch "old-page100",
	checkpoint "03",
	unwatch(),
	watch(file, { 0, 1, 99, 100, 511, 512 }),
	checkpoint "03-retouched-p0,p101",
	map:read(100):label "touch read page100(hole)",
	map:write(100):label "touch write page100(hole)",
	unwatch(),
	watch(file, { 0, 1, 99, 100, 511, 512 }),
	checkpoint "04-hole-refilled",
	map:munmap(),
	checkpoint "05-munmap",
}
