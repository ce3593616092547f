-- SPDX-License-Identifier: MIT
-- The last link to a file goes while a vmsplice() holds a page of it. The old kernel
-- frees the blocks and gives them to the next file, whose truncate then waits for a
-- reference that was taken on another file. The new one sleeps in the eviction.

local pmem = device { type = "fsdax", pages = 2048 }
local file = pmem:file { pages = 1024, fill = 0x00 }
local app  = process()
local map  = app:mmap { file = file, pages = 512, shift = 1 }
local held = pipe()

local new_file = pmem:file { pages = 1024, later = true }
local new_map  = app:mmap { file = new_file, pages = 512, later = true, shift = 1 }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 2, 511 }),
	map:write(0, 0x61):label "touch write page0",
	map:write(1, 0x62):label "touch write page1",
	map:vmsplice(held, 0):label "vmsplice 1 pages",
	checkpoint "01-p0-held",
	map:munmap(),
	checkpoint "02-munmap",
	file:close(),
	checkpoint "03-closed",
	start("unlink", file:unlink():label "unlink(last ref) with p0 held"),
	checkpoint "04-after-unlink-attempt",
	when("blocked", {
		held:drain():label "drain pipe",
		wait("unlink"):label "unlink after drain",
		checkpoint "05-after-drain",
	}, {
		pmem:sync():label "sync",
		checkpoint "05-after-sync",
		new_file:create(),
		new_map:mmap(),
		new_map:write(0, 0x71):label "touch write new file page",
		checkpoint "06-block-reused-by-new-file-and-mapped",
		start("truncate",
		      new_file:truncate(0):label "truncate new file (stale ref on its page)"),
		held:drain():label "drain pipe",
		wait("truncate"):label "after drain",
		checkpoint "07-after-drain",
	}),
}
