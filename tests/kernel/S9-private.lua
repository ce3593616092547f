-- SPDX-License-Identifier: MIT
-- A private mapping maps the page of the file until it writes: then it has a page of its own,
-- and lets go of the file's. A first touch that writes never takes the file's page. fork
-- copies the entries of a mapping that has had pages of its own.

local pmem   = device { type = "fsdax", pages = 2048 }
local file   = pmem:file { pages = 1024, fill = 0xa9 }
local app    = process()
local map    = app:mmap { file = file, pages = 512, shift = 1, private = true }
local child  = app:child()
local theirs = map:in_child(child)
local pmd    = app:mmap { file = file, pages = 512, private = true, later = true }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1 }),
	map:read(0):label "touch read private page0 read",
	checkpoint "01-private-read-fault(p0)",
	unwatch(),
	watch(file, { 0 }, "p0"),
	checkpoint "01-mapped-page",
	unwatch(),
	watch(file, { 0, 1 }),
	map:write(0):label "touch write private page0 write",
	checkpoint "02-private-COW(p0)",
	unwatch(),
	checkpoint "02-mapped-page",
	map:write(1):label "touch write private page1 write-first",
	watch(file, { 0, 1 }),
	checkpoint "03-private-write-first(p1)",
	unwatch(),
	checkpoint "03-mapped-page",
	map:read(2):label "touch read private page2 read",
	watch(file, { 0, 1, 2 }),
	checkpoint "04-before-fork(p2 ro)",
	child:fork(),
	checkpoint "05-after-fork-no-touch(private vma)",
	unwatch(),
	checkpoint "05-anon-p0",
	watch(file, { 0, 1, 2 }),
	theirs:write(2):label "touch write child p2",
	checkpoint "06-child-wrote-p2",
	child:exit(),
	checkpoint "07-child-exited",
	map:munmap(),
	checkpoint "08-munmap",
	pmd:mmap(),
	pmd:read(0):label "touch read private PMD read",
	unwatch(),
	watch(file, { 0, 1, 2, 511 }),
	checkpoint "09-private-pmd-read",
	pmd:write(2):label "touch write private PMD write p2",
	checkpoint "10-private-pmd-write(p2)",
	pmd:munmap(),
	checkpoint "11-munmap",
}
