-- SPDX-License-Identifier: MIT
-- A file system that never breaks layouts: ext2 truncates under a DMA.
--
--   1. app pins page 0 for a DMA
--   2. admin truncates the file: ext2_setsize() unmaps and frees the block, and asks nobody
--   3. the DMA writes into a block that is free
--
-- Alistair Popple, nvdimm: truncate is "already pretty broken for ext2". Under no rule set is it
-- better; v6.15, whose truncate expects to find no entry any more, warns besides. The ext2 of 7.2
-- has no DAX: there it is what that kernel's rules would make of it. On ext4, which waits, it is
-- truncate-under-pin.
-- When the bug is there: use-after-truncate.
local pmem = device { type = "fsdax", fs = "ext2", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma" }
thread("admin",  { file:truncate(0) })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate",
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["v6.15"] = violates "use-after-truncate", ["v7.2"] = violates "use-after-truncate" }
