-- SPDX-License-Identifier: MIT
-- Each page of a buffer of io_uring is the page of the map, also where one entry of the buffer stands for a
-- folio. v6.1 registers no buffer in a file; there the map is read instead.

local dax  = device { type = "devdax", pages = 16 }
local file = dax:file { pages = 16 }
local map  = process():mmap { file = file }

kernel { debug_vm = false }

steps {
	map:write(1, 0x11):label "write page1",
	map:write(7, 0x17):label "write page7",
	map:write(9, 0x19):label "write page9",
	map:register(1, 10):as "buffer",
	when("failed", {
		map:read(1):label "page1",
		map:read(7):label "page7",
		map:read(9):label "page9",
	}, {
		dma_read("buffer", 0):label "page1",
		dma_read("buffer", 6):label "page7",
		dma_read("buffer", 8):label "page9",
		unregister "buffer",
	}),
	checkpoint "read",
	map:munmap():label "munmap",
	file:close():label "close",
	start("admin", dax:unbind():label "unbind"),
}
