-- SPDX-License-Identifier: MIT
-- A hole is punched beside the page that is held. Old and new kernels look at all of
-- the file and wait; afterwards the new one has dropped the entries of all of it.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa5 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, shift = 1 }
local held = pipe()

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2, 5 }),
	map:write(0, 0x01):label "touch write page0",
	map:write(1, 0x02):label "touch write page1",
	map:vmsplice(held, 0):label "vmsplice 1 pages",
	checkpoint "01-p0-held",
	start("punch", file:punch(1, 1):label "punch page1 (p0 held, other page)"),
	checkpoint "02-during",
	held:drain():label "drain pipe",
	wait("punch"):label "after drain",
	checkpoint "04-after-drain",
	map:read(0):label "touch read page0",
}
