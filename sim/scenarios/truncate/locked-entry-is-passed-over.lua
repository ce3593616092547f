-- SPDX-License-Identifier: MIT
-- A scan for busy pages passes an entry over that is locked.
--
--   1. app has pinned page 0 for a DMA
--   2. sync writes the page back, with its DAX entry locked
--   3. admin truncates the file, unmaps it, and comes upon the locked entry. v6.1 goes on behind it
--      at once; v6.15-rc1 sleeps until it is unlocked, and goes on behind it then
--   4. nothing was found to be held, and the block is freed under the DMA
--
-- 6be3e21d25ca (v6.15), "don't skip locked entries when scanning entries", has the scan sleep on
-- the entry; with xas_pause(), which makes the walk begin again behind the entry: v6.15/xas-pause.
-- That was seen as WARN_ON mm/truncate.c:89 in xfstests generic/068 on xfs, and xas_reset() put in
-- its place. Everything before 6.15 has the first form.
-- When the bug is back: use-after-truncate.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma" }
thread("sync",   { file:fsync() })
thread("admin",  { file:truncate(0) })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022-v2"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate",
         ["gunthorpe-2022"] = violates "use-after-truncate", ["v6.15"] = holds, ["v7.2"] = holds,
         ["v6.15/xas-pause"] = violates "use-after-truncate" }
