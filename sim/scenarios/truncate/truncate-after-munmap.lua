-- SPDX-License-Identifier: MIT
-- A truncate does not look for pages that nobody maps.
--
--   1. app has pinned page 0 for a DMA, and unmaps the file
--   2. admin truncates the file: mapping_mapped() says that no VMA maps it, so nothing is scanned,
--      and the block is freed
--   3. admin creates another file, which gets the block
--   4. the DMA writes into the other file
--
-- dax_layout_busy_page_range() up to 6.14. Dan Williams took the test out in "Fix the DAX-gup
-- mistake" (2022, patch 3), Alistair Popple in v9 of the series that became 6.15 (patch 2).
-- d2c997c0f145 made dax_disassociate_entry() warn of it. Of FALLOC_FL_COLLAPSE_RANGE on xfs the
-- same is told in collapse-under-pin.
-- When the bug is back: use-after-truncate.
local pmem  = device { type = "fsdax", pages = 1 }
local file  = pmem:file { pages = 1 }
local other = pmem:file { pages = 1, later = true }
local map   = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma" }
thread("app",    { map:munmap() })
thread("admin",  { file:truncate(0), other:create() })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022-v2"] = holds, ["williams-2022"] = holds,
         ["gunthorpe-2022"] = violates "use-after-truncate", ["v6.15"] = holds, ["v7.2"] = holds }
