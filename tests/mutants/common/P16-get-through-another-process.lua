-- SPDX-License-Identifier: MIT
-- Pages are taken as process_vm_readv() takes them, get_user_pages_remote(), and each is given back
-- once: a truncate has nobody to wait for.

local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file, shift = 1 }

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write page0",
	map:write(1, 0x12):label "write page1",
	map:get(0, { pages = 2, remote = true }):as "io":label "get",
	dma_read("io", 0):label "page0",
	dma_read("io", 1):label "page1",
	put_page "io":label "put_page",
	start("admin", file:truncate(0):label "truncate"),
	map:munmap():label "munmap",
}
