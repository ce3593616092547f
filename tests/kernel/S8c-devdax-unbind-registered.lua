-- SPDX-License-Identifier: MIT
-- A device-dax is unbound while io_uring has pages of it pinned for long: nothing waits for
-- that either. 6.1 registers no buffers that lie in files, and so has nothing to die of.

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
	m1:register(0, 8):as "buffer":label "io_uring register buffers (8 pages)",
	m1:munmap(),
	m2:munmap(),
	checkpoint "04-pin-held-unmapped",
	start("unbind", dax:unbind():label "unbind device_dax with io_uring pin"),
	checkpoint "05-after-unbind-attempt",
	unregister "buffer",
	wait("unbind"):label "unbind after unregister",
	checkpoint "06-after-unregister",
}
