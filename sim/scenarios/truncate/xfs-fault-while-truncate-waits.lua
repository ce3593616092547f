-- SPDX-License-Identifier: MIT
-- A truncate of xfs waits for a pinned page, and a fault comes in meanwhile.
--
--   1. device has pinned page 0 for a DMA
--   2. admin truncates the file: xfs_break_layouts() finds page 0 busy, and waits
--   3. device reads page 1 through the map, which faults, and lets go of page 0 after that. The
--      wait must not keep the MMAPLOCK: xfs_wait_dax_page() drops it to sleep
--
-- The fault puts page 1 back into the file while the truncate sleeps, so the scan begins again.
-- Were the lock kept: deadlock. Were the layout not broken: use-after-truncate.
local pmem = device { type = "fsdax", fs = "xfs", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file, shift = 1 }

kernel { debug_vm = false }
before { map:pin(0, { write = true }):as "dma" }
thread("admin",  { file:truncate(0) })
thread("device", { map:read(1), dma_write "dma", unpin "dma" })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-warning", ["v6.15"] = holds, ["v7.2"] = holds }
