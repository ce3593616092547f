-- SPDX-License-Identifier: MIT
-- A page behind a PMD is held, and another one of it is punched out: the whole PMD, and
-- with it the whole file, is waited for. A second punch waits for the inode lock.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa5 }
local app  = process()
local map  = app:mmap { file = file, pages = 1024 }
local held = pipe()

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 5, 511, 512 }),
	map:write(0, 0x01):label "touch write page0",
	map:write(512, 0x01):label "touch write page512",
	map:vmsplice(held, 5):label "vmsplice 1 pages",
	checkpoint "01-tail5-held",
	start("punch100", file:punch(100):label "punch 4K at page100 (other page of same PMD) with p5 held"),
	checkpoint "02-punch-100",
	start("punch5", file:punch(5):label "punch 4K at page5 with p5 held"),
	checkpoint "03-punch-5",
	held:drain():label "drain pipe",
	wait("punch100"):label "punch100 after drain",
	wait("punch5"):label "punch5 after drain",
	checkpoint "04-after",
	map:read(0):label "touch read page0 after",
	map:read(5):label "touch read page5 after",
	map:read(100):label "touch read page100 after",
	unwatch(),
	watch(file, { 0, 1, 5, 511, 512 }),
	checkpoint "05-refaulted",
}
