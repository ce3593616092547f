-- SPDX-License-Identifier: MIT
-- vmsplice() takes a reference for each page until its pipe is read or closed, and
-- tee() one more; they outlive the mapping. splice() of a file copies, and holds
-- nothing. pread() and pwrite() go past the mapping and move no count.

local pmem  = device { type = "fsdax", pages = 2048 }
local file  = pmem:file { pages = 1024, fill = 0xa4 }
local app   = process()
local map   = app:mmap { file = file, pages = 512, shift = 1 }
local again = app:mmap { file = file, pages = 512, later = true, shift = 1 }

local first, second, third = pipe(), pipe(), pipe()
local copy, spliced        = pipe(), pipe()

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2 }),
	map:read(0):label "touch read page0",
	map:write(1, 0x01):label "touch write page1",
	checkpoint "01-mapped-p0,p1",
	map:vmsplice(first, 0):label "vmsplice 1 pages",
	checkpoint "02-vmsplice1(p0)",
	map:vmsplice(second, 0, 2):label "vmsplice 2 pages",
	checkpoint "03-vmsplice2(p0,p1)",
	map:vmsplice(third, 2):label "vmsplice 1 pages",
	checkpoint "04-vmsplice-faults-in-p2",
	first:tee(copy):label "tee",
	checkpoint "05-after-tee(p0)",
	copy:close(),
	checkpoint "06-tee-pipe-closed",
	map:munmap(),
	checkpoint "07-munmap-refs-held",
	first:drain():label "drain pipe",
	checkpoint "08-drained-first",
	second:close(),
	checkpoint "09-dropped-second",
	third:drain():label "drain pipe",
	checkpoint "10-dropped-third",
	again:mmap(),
	again:read(0):label "touch read page0",
	file:splice(spliced, 0):label "splice file->pipe",
	checkpoint "11-splice-file-to-pipe",
	file:pread(0):label "pread while mapped",
	file:pwrite(0):label "pwrite while mapped",
	checkpoint "12-after-pread/pwrite-while-mapped",
}
