-- SPDX-License-Identifier: MIT
-- A file is mapped with PTEs, read, written, synced, dropped, unmapped, mapped
-- again and truncated. Under the old rules the count of its pages never moves;
-- under the new ones it is the number of PTEs.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa1 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, later = true, shift = 1 }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2, 511, 512 }),
	checkpoint "01-idle-after-write(2)",
	map:mmap(),
	checkpoint "02-mmapped-nofault",
	map:read(0):label "touch read page0",
	checkpoint "03-after-read-fault(p0)",
	map:read(1):label "touch read page1",
	checkpoint "04-after-read-fault(p1)",
	map:write(0):label "touch write page0",
	checkpoint "05-after-write-fault(p0)",
	map:write(2):label "touch write page2",
	checkpoint "06-after-write-fault-first(p2)",
	map:msync(),
	checkpoint "07-after-msync",
	map:write(0):label "touch write page0",
	checkpoint "08-rewrite-after-msync",
	map:dontneed(),
	checkpoint "09-after-MADV_DONTNEED",
	map:read(0):label "touch read page0",
	checkpoint "10-refault-p0",
	map:read_all(),
	checkpoint "11-all-512-touched",
	map:munmap(),
	checkpoint "12-after-munmap",
	file:close(),
	checkpoint "13-after-close",
	pmem:drop_caches():label "drop_caches",
	checkpoint "14-after-drop_caches",
	file:open(),
	map:mmap(),
	map:read(0):label "touch read page0",
	checkpoint "15-reopen-mmap-read-p0",
	map:munmap(),
	checkpoint "16-munmap",
	file:truncate(0):label "truncate0",
	checkpoint "17-after-truncate0",
}
