-- SPDX-License-Identifier: MIT
-- Memory of device-dax is mapped shared, and never private: check_vma(), drivers/dax/device.c.

local dax     = device { type = "devdax", pages = 16 }
local file    = dax:file { pages = 8 }
local app     = process()
local shared  = app:mmap { file = file, later = true }
local private = app:mmap { file = file, private = true, later = true }

kernel { debug_vm = false }

steps {
	private:mmap():label "mmap private",
	shared:mmap():label "mmap shared",
	shared:write(0, 0x11):label "write",
	shared:read(0):label "read",
}
