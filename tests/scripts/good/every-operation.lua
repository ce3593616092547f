-- SPDX-License-Identifier: MIT
-- Every operation, in four threads after a scene: no race is meant by it.
--
-- The story is told as it is written, with its empty lines.
local pmem  = device { type = "fsdax", pages = 8 }
local file  = pmem:file { pages = 4, fill = 0xa1 }
local other = pmem:file { pages = 2, later = true }
local app   = process()
local map   = app:mmap { file = file, first = 1, pages = 3 }
local late  = app:mmap { file = other, later = true }
local child = app:child()
local gpu   = device { type = "private", pages = 2, keeps = true }
local hbm   = device { type = "coherent", pages = 2 }
local bar   = device { type = "p2pdma", pages = 2 }
local anon  = app:mmap { anon = true, pages = 2 }
local peer  = app:mmap { device = bar, pages = 1 }
local held, copy = pipe(), pipe()
local in_child = map:in_child(child)

before {
	map:read(0), map:read_all(), map:write(1), map:write(2, 0x11),
	other:create(), late:mmap(),
}

thread("holder", {
	map:get(0):as "got", dma_read "got", put_page "got",
	map:get(1):as "by folio", folio_put "by folio",
	map:pin(0, 2):as "pinned", dma_read("pinned", 1), dma_write("pinned", 1, 0x77),
	unpin "pinned",
	map:pin(0, { pages = 3, write = true, longterm = true, fast = true }):as "fast",
	unpin "fast",
	map:pin(0, { remote = true }),
	map:vmsplice(held, 0), map:vmsplice(held, 1, 2), held:tee(copy), held:drain(), held:close(),
	file:splice(copy, 3), copy:close(),
})
thread("files", {
	file:pread(0), file:pwrite(0), file:pwrite(0, 0x77), file:fsync(),
	file:punch(0), file:punch(1, 2), file:zero_range(0, 2), file:collapse(0), file:allocate(0, 4),
	file:clone(other),
	file:truncate(2), file:truncate(8), file:close(), file:open(), file:unlink(),
	map:msync(), map:dontneed(), map:munmap(),
})
thread("machine", {
	signal "files",
	child:fork(), in_child:write(0), child:exit(), app:exit(),
	pmem:sync(), pmem:drop_caches(), pmem:unbind(), pmem:rebind(), pmem:umount(),
})

thread("devices", {
	anon:migrate_to(gpu, 0), anon:migrate_to(hbm, 1), anon:read(0), peer:write(0),
	peer:pin(0, { p2pdma = true }):as "peer", unpin "peer", gpu:unbind(), gpu:rebind(),
})

geometry { pmd_order = 3 }
kernel { debug_vm = true }

expect { new = hangs "unplug", old = violates "refcount-leak" }
