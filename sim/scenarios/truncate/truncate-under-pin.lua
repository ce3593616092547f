-- SPDX-License-Identifier: MIT
-- A truncate waits for a DMA.
--
--   1. app pins page 0 for a DMA
--   2. admin truncates the file: ext4_break_layouts() unmaps it, finds the page held, and sleeps
--      until its count is idle
--   3. the DMA writes, and the page is unpinned
--   4. admin wakes up, finds nothing held, and frees the block
--
-- What ext2 does not do: ext2-under-pin. Under every rule set nothing goes wrong here.
local pmem = device { type = "fsdax", fs = "ext4", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma" }
thread("admin",  { file:truncate(0) })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = holds, ["v6.12"] = holds,
         ["williams-2022"] = holds,
         ["gunthorpe-2022"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
