-- SPDX-License-Identifier: MIT
-- A page of coherent memory is pinned, so that a pin for long cannot move it. The second pin is refused,
-- and tries no further; under v6.15 it stays where the page is. Whoever has it reaches the page.

local gpu = device { type = "coherent", pages = 1 }
local map = process():mmap { anon = true, pages = 1 }

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write",
	map:migrate_to(gpu, 0):label "migrate",
	map:pin(0):as "short":label "pin",
	map:pin(0, { longterm = true, write = true }):as "long",
	when("failed", {
		map:read(0):label "page0",
	}, {
		dma_read("long", 0):label "page0",
		unpin "long",
	}),
	unpin "short",
	start("admin", gpu:unbind():label "unbind"),
	checkpoint "unbound",
	map:read(0):label "read",
}
