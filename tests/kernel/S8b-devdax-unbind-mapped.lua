-- SPDX-License-Identifier: MIT
-- A device-dax is unbound while it is mapped: what is mapped is unmapped first, and every
-- touch after that is a SIGBUS.

local dax  = device { type = "devdax", pages = 1024 }
local file = dax:file { pages = 1024 }
local app  = process()
local m0   = app:mmap { file = file, pages = 512 }
local m1   = app:mmap { file = file, later = true }
local m2   = app:mmap { file = file, pages = 512, later = true }

geometry { pmd_order = 9 }
kernel { debug_vm = false }

steps {
	watch(file, { 0, 1, 5, 64, 512 }),
	m0:write(0, 0x11):label "touch write dax page0",
	m0:munmap(),
	checkpoint "01-idle-after-munmap",
	m1:mmap(),
	m1:read(0):label "touch read page0 read",
	checkpoint "02-after-fault",
	m2:mmap(),
	m2:write(0, 0x12):label "touch write m2 page0 write",
	checkpoint "03-two-mappings",
	start("unbind", dax:unbind():label "unbind device_dax while mapped"),
	checkpoint "04-after-unbind",
	m1:read(0):label "touch read page0",
	m1:read(512):label "touch read page512(unmapped)",
	m1:munmap(),
	m2:munmap(),
	checkpoint "05-munmapped",
}
