-- SPDX-License-Identifier: MIT
-- A device-dax is unbound while a pipe holds a page of it: nothing waits for that, and the
-- pipe dies of it.

local dax  = device { type = "devdax", pages = 1024 }
local file = dax:file { pages = 1024 }
local app  = process()
local m0   = app:mmap { file = file, pages = 512 }
local m1   = app:mmap { file = file, later = true }
local m2   = app:mmap { file = file, pages = 512, later = true }
local held = pipe()

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
	m1:vmsplice(held, 5):label "vmsplice 1 pages",
	m1:munmap(),
	m2:munmap(),
	checkpoint "04-vmsplice-held-unmapped",
	start("unbind", dax:unbind():label "unbind device_dax with vmsplice ref"),
	checkpoint "05-after-unbind-attempt",
	held:drain(),
}
