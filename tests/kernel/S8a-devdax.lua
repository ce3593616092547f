-- SPDX-License-Identifier: MIT
-- Pages of a device-dax come as folios of a PMD from the start, and count 1 while they are
-- idle. Under the new rules a PMD counts at the head, once a mapping.

local dax  = device { type = "devdax", pages = 1024 }
local file = dax:file { pages = 1024 }
local app  = process()
local m0   = app:mmap { file = file, pages = 512 }
local m1   = app:mmap { file = file, later = true }
local m2   = app:mmap { file = file, pages = 512, later = true }
local tail, four = pipe(), pipe()

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
	m1:vmsplice(tail, 5):label "vmsplice 1 pages",
	checkpoint "04-vmsplice-tail5",
	m1:vmsplice(four, 0, 4):label "vmsplice 4 pages",
	checkpoint "05-vmsplice-0..3",
	four:drain():label "drain pipe",
	tail:drain():label "drain pipe",
	checkpoint "06-drained",
	m1:register(0, 8):as "buffer":label "io_uring register buffers (8 pages)",
	when("failed", {
		checkpoint "07-io_uring-registered-8pages",
		m1:munmap(),
		checkpoint "08-munmap-m1",
		m2:munmap(),
		checkpoint "09-munmap-m2(pin held)",
	}, {
		checkpoint "07-io_uring-registered-8pages",
		m1:munmap(),
		checkpoint "08-munmap-m1",
		m2:munmap(),
		checkpoint "09-munmap-m2(pin held)",
		unregister "buffer":label "io_uring unregister",
	}),
	checkpoint "10-unregistered",
	start("unbind", dax:unbind():label "unbind device_dax idle"),
	checkpoint "11-after-unbind",
}
