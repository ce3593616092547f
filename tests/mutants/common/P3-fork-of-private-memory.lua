-- SPDX-License-Identifier: MIT
-- A process forks with a page in memory that no CPU reaches. Both have the page, and who touches
-- it first has it moved back for both.

local gpu   = device { type = "private", pages = 2 }
local app   = process()
local map   = app:mmap { anon = true, pages = 2 }
local child = app:child()
local their = map:in_child(child)

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write",
	map:migrate_to(gpu, 0):label "migrate",
	child:fork():label "fork",
	their:read(0):label "child reads",
	map:read(0):label "parent reads",
	checkpoint "back",
	map:migrate_to(gpu, 0):label "migrate what both map",
	map:write(1, 0x22):label "write page1",
	their:read(0):label "child reads what was moved",
	checkpoint "moved",
	map:write(0, 0x33):label "parent writes",
	their:read(0):label "child reads its own",
	map:read(0):label "parent reads its own",
}
