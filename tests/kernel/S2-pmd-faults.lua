-- SPDX-License-Identifier: MIT
-- A PMD maps 512 pages at once: they become one folio under the new rules, whose head
-- counts for all, and which stays one while nothing maps it, until truncate takes it apart.
-- A PTE over a PMD entry counts at the head too.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0xa2 }
local app  = process()
local low  = app:mmap { file = file, pages = 512, later = true }
local high = app:mmap { file = file, first = 512, pages = 512, later = true }
local ptes = app:mmap { file = file, pages = 512, shift = 1, later = true }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2, 511, 512 }),
	checkpoint "01-idle",
	low:mmap(),
	high:mmap(),
	checkpoint "02-mmapped-nofault",
	low:read(0):label "touch read page0",
	checkpoint "03-after-pmd-read-fault",
	low:write(2):label "touch write page2",
	checkpoint "04-after-pmd-write-fault",
	high:write(0):label "touch write page512",
	checkpoint "05-second-pmd-write-fault",
	low:msync(),
	checkpoint "06-after-msync",
	low:dontneed(),
	checkpoint "07-DONTNEED-first-2M",
	low:write(0):label "touch write page0",
	checkpoint "08-refault-write",
	low:munmap(),
	high:munmap(),
	checkpoint "09-after-munmap",
	ptes:mmap(),
	ptes:read(1):label "touch read page1 (PTE vma over PMD entry)",
	checkpoint "10-pte-fault-over-pmd-entry",
	ptes:munmap(),
	checkpoint "11-munmap",
	file:close(),
	start("drop_caches", pmem:drop_caches():label "drop_caches"),
	checkpoint "12-after-close+drop_caches",
	start("truncate", file:truncate(0):label "truncate0"),
	checkpoint "13-after-truncate0",
}
