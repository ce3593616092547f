-- SPDX-License-Identifier: MIT
-- An inode is evicted and read in again, and knows no more that its page is pinned.
--
--   1. app has pinned page 0 for a DMA, and unmapped and closed the file
--   2. admin has the inode evicted, as memory pressure or a umount does: the DAX entry goes
--   3. admin opens the file and truncates it: there is no entry, so nothing to wait for
--   4. admin creates another file, which gets the block, and the DMA writes into that
--
-- Eviction up to 6.14 waits for nobody, and leaves a page busy that nothing tracks; d2c997c0f145
-- made it warn. 0e2f80afcfa6 (v6.15), "ensure all pages are idle prior to filesystem unmount", has
-- every eviction wait, as both postings of "Fix the DAX-gup mistake" do. gunthorpe-2022 is silent
-- about it, and so as v6.1. The eviction at a umount is in umount-under-pin.
-- When the bug is back: use-after-truncate.
local pmem  = device { type = "fsdax", pages = 1 }
local file  = pmem:file { pages = 1 }
local other = pmem:file { pages = 1, later = true }
local map   = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma", map:munmap(), file:close() }
thread("admin",  { pmem:drop_caches(), file:open(), file:truncate(0), other:create() })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022-v2"] = holds, ["williams-2022"] = holds,
         ["gunthorpe-2022"] = violates "use-after-truncate", ["v6.15"] = holds, ["v7.2"] = holds }
