-- SPDX-License-Identifier: MIT
-- A pin to write of a private map takes a copy of the file's page, before anybody stores to it.

local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1, fill = 0xa9 }
local map  = process():mmap { file = file, private = true }

kernel { debug_vm = false }

steps {
	map:pin(0, { write = true }):as "dma":label "pin",
	map:read(0):label "read",
	unpin "dma",
	map:read(0):label "read again",
	file:pread(0):label "pread",
}
