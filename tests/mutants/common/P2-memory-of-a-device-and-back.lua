-- SPDX-License-Identifier: MIT
-- Anonymous memory goes to a device of one page, and comes back when the process reads it. An
-- address that nothing maps takes the page as well. Who asks for the page while it is taken is refused.

local gpu = device { type = "private", pages = 1 }
local map = process():mmap { anon = true, pages = 2 }

kernel { debug_vm = false }

steps {
	map:migrate_to(gpu, 0):label "migrate an address that has no table",
	map:write(1, 0x11):label "write page1",
	map:migrate_to(gpu, 1):label "migrate page1, device is full",
	checkpoint "full",
	map:read(0):label "read page0",
	map:migrate_to(gpu, 1):label "migrate page1",
	map:read(1):label "read page1",
	checkpoint "back",
	map:migrate_to(gpu, 1):label "migrate page1 again",
	start("admin", gpu:unbind():label "unbind"),
	checkpoint "unbound",
	map:read(1):label "read page1 after the removal",
}
