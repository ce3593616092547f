-- SPDX-License-Identifier: MIT
-- A page of memory that a device and a CPU reach is shared by a fork, and copied by the first who
-- writes to it. Once the child is gone, the parent writes to it where it is: the device has no page free.

local gpu   = device { type = "coherent", pages = 1 }
local app   = process()
local map   = app:mmap { anon = true, pages = 2 }
local child = app:child()
local their = map:in_child(child)

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write page0",
	map:write(1, 0x12):label "write page1",
	map:migrate_to(gpu, 0):label "migrate page0",
	child:fork():label "fork",
	their:write(0, 0x21):label "child writes",
	map:read(0):label "parent reads",
	their:read(0):label "child reads",
	checkpoint "child-wrote",
	child:exit():label "exit",
	map:write(0, 0x13):label "parent writes where it is",
	map:read(0):label "parent reads its own",
	map:migrate_to(gpu, 1):label "migrate page1, device is full",
	checkpoint "full",
	map:munmap():label "munmap",
	start("admin", gpu:unbind():label "unbind"),
	checkpoint "unbound",
}
