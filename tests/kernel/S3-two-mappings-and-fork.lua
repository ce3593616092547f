-- SPDX-License-Identifier: MIT
-- Two mappings of one file in a process, and a child. fork() copies no PTE of a
-- shared file mapping: the child counts once it touches a page.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa3 }
local app  = process()
local m1   = app:mmap { file = file, pages = 512, shift = 1 }
local m2   = app:mmap { file = file, pages = 512, shift = 1 }

local child    = app:child()
local child_m1 = m1:in_child(child)

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 511, 512 }),
	m1:read(0):label "touch read m1 page0",
	checkpoint "01-one-mapping",
	m2:write(0, 0x11):label "touch write m2 page0",
	checkpoint "02-two-mappings",
	m1:read(1):label "touch read m1 page1",
	child:fork(),
	checkpoint "03-after-fork-no-touch",
	child_m1:read(0):label "touch read child m1 page0",
	child_m1:write(1):label "touch write child m1 page1",
	checkpoint "04-child-touched-p0,p1",
	child:exit(),
	checkpoint "05-child-exited",
	m1:munmap(),
	checkpoint "06-munmap-m1",
	m2:munmap(),
	checkpoint "07-munmap-m2",
}
