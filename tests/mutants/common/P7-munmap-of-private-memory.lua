-- SPDX-License-Identifier: MIT
-- A page that was moved to a device is unmapped there: the device has it back, and can be removed.

local gpu  = device { type = "private", pages = 1, keeps = true }
local app  = process()
local map  = app:mmap { anon = true, pages = 1 }
local next = app:mmap { anon = true, pages = 1 }

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write",
	map:migrate_to(gpu, 0):label "migrate",
	map:munmap():label "munmap",
	next:write(0, 0x12):label "write next",
	next:migrate_to(gpu, 0):label "migrate next",
	next:dontneed():label "madvise next",
	next:read(0):label "read next",
	start("admin", gpu:unbind():label "unbind"),
	checkpoint "unbound",
}
