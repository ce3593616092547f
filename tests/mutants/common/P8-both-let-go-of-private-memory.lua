-- SPDX-License-Identifier: MIT
-- A page that parent and child share is moved to a device of one page. When the parent unmaps it, the
-- child still has it there, and the device has no page for anybody else.

local gpu   = device { type = "private", pages = 1 }
local app   = process()
local map   = app:mmap { anon = true, pages = 1 }
local next  = app:mmap { anon = true, pages = 1 }
local child = app:child()
local their = map:in_child(child)

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write",
	next:write(0, 0x12):label "write next",
	child:fork():label "fork",
	map:migrate_to(gpu, 0):label "migrate",
	map:munmap():label "munmap",
	next:migrate_to(gpu, 0):label "migrate next, device is full",
	their:read(0):label "child reads",
	next:migrate_to(gpu, 0):label "migrate next",
	checkpoint "moved",
	child:exit():label "exit",
	next:read(0):label "read next",
}
