-- SPDX-License-Identifier: MIT
-- A page of coherent memory is shared by a fork, and pinned to be read: gup_must_unshare() has the
-- parent get a copy of its own first, and the pin is of the copy. Once the child is gone nobody
-- has a page of the device.

local gpu   = device { type = "coherent", pages = 1 }
local app   = process()
local map   = app:mmap { anon = true, pages = 1 }
local child = app:child()

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write",
	map:migrate_to(gpu, 0):label "migrate",
	child:fork():label "fork",
	map:pin(0):as "dma":label "pin",
	child:exit():label "exit",
	checkpoint "pinned",
	map:read(0):label "read",
	start("admin", gpu:unbind():label "unbind"),
	checkpoint "unbound",
	unpin "dma",
}
