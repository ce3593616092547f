-- SPDX-License-Identifier: MIT
-- A truncate of virtiofs waits for a pinned page, and a fault comes in meanwhile.
--
--   1. device has pinned page 0 for a DMA
--   2. admin truncates the file: fuse_do_setattr() finds page 0 busy, and waits
--   3. device reads the page through the map, which faults, and lets go of it after that. The wait
--      must not keep the invalidate_lock: fuse_wait_dax_page() drops it to sleep
--   4. device unmaps the file: where a PTE holds a reference, the page is idle only then
--
-- Every kernel breaks the layout of the first page; for the others see
-- fuse-looks-at-first-page.lua.
-- Were the lock kept: deadlock. Were the layout not broken: use-after-truncate.
local pmem = device { type = "fsdax", fs = "fuse", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file, shift = 1 }

kernel { debug_vm = false }
before { map:pin(0, { write = true }):as "dma" }
thread("admin",  { file:truncate(0) })
thread("device", { map:read(0), dma_write "dma", unpin "dma", map:munmap() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = violates "zero-ref-mapped",
         ["williams-2022"] = violates "zero-ref-mapped", ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-warning", ["v6.15"] = holds, ["v7.2"] = holds }
