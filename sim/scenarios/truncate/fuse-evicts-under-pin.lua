-- SPDX-License-Identifier: MIT
-- An eviction of virtiofs looks at no page.
--
--   1. app pins page 0 for a DMA, and unmaps and closes the file
--   2. admin unlinks the file, and the last user's put evicts it: fuse_evict_inode() deletes the
--      entry of a page that is held, and the host forgets the file
--   3. the DMA writes into what is the host's again
--
-- Haiyue Wang: 0e2f80afcfa6 (v6.15) has the evictions of ext4 and xfs wait (unlink-under-pin), and
-- truncate warn of entries that are left, and passes fuse over; from then on every eviction of fuse
-- warns, of pages that nobody holds as well. Fixed by befd9a71d859 (v6.16), which calls
-- dax_break_layout_final() there, too. williams-2022 waits in the deletion of the entry.
-- When the bug is back: use-after-truncate.
local pmem = device { type = "fsdax", fs = "fuse", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma" }
thread("app",    { map:munmap(), file:close() })
thread("admin",  { file:unlink() })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022-v2"] = violates "use-after-truncate", ["williams-2022"] = holds,
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["v6.15"] = violates "use-after-truncate", ["v7.2"] = holds }
