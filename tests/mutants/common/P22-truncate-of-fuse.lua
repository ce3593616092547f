-- SPDX-License-Identifier: MIT
-- A file of virtiofs: a sync keeps what was stored, and a truncate waits for a page that is pinned.

local pmem   = device { type = "fsdax", fs = "fuse", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local third  = pmem:file { pages = 2, later = true }
local map    = process():mmap { file = first, shift = 1 }

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write page0",
	first:fsync():label "fsync",
	first:pread(0):label "pread page0",
	map:pin(0):as "dma":label "pin page0",
	start("admin", first:truncate(0):label "truncate"),
	checkpoint "pinned",
	unpin "dma",
	wait("admin"):label "truncate goes on",
	third:create():label "create",
	third:pread(0):label "pread third",
	map:read(0):label "read past the end",
	first:close():label "close",
}
