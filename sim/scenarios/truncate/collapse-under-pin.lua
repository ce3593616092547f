-- SPDX-License-Identifier: MIT
-- A part of a file is cut out while its page is pinned and mapped by nobody.
--
--   1. app pins page 0 for a DMA and unmaps the file
--   2. admin takes page 0 out of the file with FALLOC_FL_COLLAPSE_RANGE: xfs_break_layouts() asks
--      dax_layout_busy_page(), which up to 6.14 returns at once when no VMA maps the file
--   3. the block is freed, and what came after it moves up
--   4. the DMA writes into a free block
--
-- Truncate and punch have the same hole; from v6.15 on the scan looks at every entry. williams-2022
-- had the same fix; gunthorpe-2022 is silent about it.
-- When the bug is back: use-after-truncate.
local pmem = device { type = "fsdax", fs = "xfs", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma", map:munmap() }
thread("admin",  { file:collapse(0) })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022"] = holds,
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["v6.15"] = holds, ["v7.2"] = holds }
