-- SPDX-License-Identifier: MIT
-- A hole is punched into the second half of a PMD, and a page of that half is pinned.
--
--   1. device has page 1 pinned, which a PMD maps together with page 0: one DAX entry stands for
--      both, and it begins at page 0
--   2. admin punches out page 1: the layout is broken, and the scan finds the entry of the PMD,
--      whose folio is held
--   3. admin sleeps until device has written and unpinned the page, and then frees the block
--
-- ext4 and xfs break the layout of the whole file, from page 0 on. A patch that breaks the range of
-- the hole alone starts its scan in the middle of the entry: xas_for_each() finds the entry from
-- there too, as each index of the range leads to it. A scan that looks only for entries that begin
-- in the range passes the pin over.
-- When the entry is passed over: use-after-truncate.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:pin(1, { write = true }):as "dma" }
thread("admin",  { file:punch(1) })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
