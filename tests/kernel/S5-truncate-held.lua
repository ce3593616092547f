-- SPDX-License-Identifier: MIT
-- truncate() sleeps while a vmsplice() holds one page of the file. What it unmapped
-- meanwhile can be faulted in again, and it takes that away once more when it wakes.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa5 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, shift = 1 }
local held = pipe()

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2, 5 }),
	map:read(0):label "touch read page0",
	map:write(1, 0x01):label "touch write page1",
	map:vmsplice(held, 0):label "vmsplice 1 pages",
	checkpoint "01-p0-held",
	start("truncate", file:truncate(0):label "truncate0 with p0 held"),
	checkpoint "02-while-blocked",
	map:read(1):label "touch read page1 during blocked truncate",
	checkpoint "03-after-touch-p1",
	wait("truncate"):label "still?",
	held:drain():label "drain pipe",
	wait("truncate"):label "truncate0 after drain",
	checkpoint "04-after",
	map:read(0):label "touch read page0 after truncate",
}
