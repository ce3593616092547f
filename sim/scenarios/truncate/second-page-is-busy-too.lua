-- SPDX-License-Identifier: MIT
-- A truncate waits for one page, and two are held.
--
--   1. app has pinned pages 0 and 1 for a DMA each
--   2. admin truncates the file, finds page 0 held, and sleeps
--   3. page 0 is unpinned, and admin wakes up. It must look again: page 1 is held, and while it
--      slept without the invalidate_lock more may have come to be
--   4. where it does not, the block of page 1 is freed under its DMA
--
-- Dan Williams, nvdimm, on v5 of the series that became 6.15: once a page is idle the scan must be
-- made anew, "to check if another DMA started, or if there were originally more pages active". That
-- posting is v6.15/scans-once. As merged, dax_break_layout() loops.
-- When the bug is back: use-after-truncate.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "one", map:pin(1, { write = true }):as "two" }
thread("admin", { file:truncate(0) })
thread("one",   { unpin "one" })
thread("two",   { dma_write "two", unpin "two" })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds, ["v6.15/scans-once"] = violates "use-after-truncate" }
