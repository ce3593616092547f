-- SPDX-License-Identifier: MIT
-- Memory of a device that a CPU reaches is pinned for long, by the walk without locks and by the one with
-- locks: both return. Once the pins are gone the device can be removed.

local gpu = device { type = "coherent", pages = 2 }
local map = process():mmap { anon = true, pages = 2 }

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write page0",
	map:write(1, 0x12):label "write page1",
	map:migrate_to(gpu, 0):label "migrate page0",
	map:migrate_to(gpu, 1):label "migrate page1",
	map:pin(0, { longterm = true, write = true }):as "first":label "pin page0",
	map:pin(1, { longterm = true, write = true, remote = true }):as "second":label "pin page1",
	map:read(0):label "read page0",
	map:read(1):label "read page1",
	unpin "first",
	unpin "second",
	start("admin", gpu:unbind():label "unbind"),
	checkpoint "unbound",
	map:read(0):label "read page0 after the removal",
}
