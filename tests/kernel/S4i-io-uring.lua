-- SPDX-License-Identifier: MIT
-- io_uring pins for long, which fsdax pages are not for. What a private mapping has of its
-- own can be registered, where the kernel registers what lies in files at all.

local pmem    = device { type = "fsdax", pages = 2048 }
local file    = pmem:file { pages = 1024, fill = 0x00 }
local app     = process()
local map     = app:mmap { file = file, pages = 512, shift = 1 }
local second  = app:mmap { file = file, pages = 512, shift = 1, later = true }
local private = app:mmap { file = file, pages = 512, shift = 1, private = true, later = true }
local other   = app:mmap { file = file, pages = 512, shift = 1, private = true, later = true }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 5 }),
	map:write(0, 0x12):label "touch write page0",
	checkpoint "01-mapped",
	map:register(0):as "first":label "io_uring register buffers (1 pages)",
	checkpoint "02-after-io_uring-register(PTE)",
	map:munmap(),
	second:mmap(),
	second:write(0, 0x12):label "touch write page0",
	second:register(0, 4):as "second":label "io_uring register buffers (4 pages)",
	checkpoint "05-after-io_uring-register(PMD?)",
	private:mmap(),
	private:write(0):label "touch write private page0 write(COW)",
	private:register(0):as "own":label "io_uring register buffers (1 pages)",
	checkpoint "06-io_uring-register-private-cow",
	unless("failed", {
		unwatch(),
		checkpoint "06-anon-cow",
		unregister "own":label "io_uring unregister",
	}),
	other:mmap(),
	other:read(0):label "touch read private page0 read",
	other:register(0):as "third":label "io_uring register buffers (1 pages)",
	unwatch(),
	watch(file, { 0, 1, 5 }),
	checkpoint "07-io_uring-register-private-ro",
}
