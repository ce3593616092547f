-- SPDX-License-Identifier: MIT
-- A folio is pinned by one of its tails, and a truncate waits for the folio.
--
--   1. app pins page 1, which a PMD maps. Up to 6.12 that is a page of its own; from 6.15 on it is
--      a tail, and the head has the count
--   2. admin truncates the file, finds what counts the pin, and sleeps on that
--   3. app unpins page 1: the put finds the head by its tail, and wakes whom it must
--
-- The address to sleep on must be the one that is woken, on either side of the change: the count of
-- the page in 6.1, &folio->page in 6.15. v6.12/waits-on-page is the middle of the series, where
-- they are two; v7.2/last-put-wakes-nobody wakes at neither.
-- When the bug is back: lost-wakeup.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app",   { map:pin(1):as "dma", unpin "dma" })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds, ["v6.12/waits-on-page"] = violates "lost-wakeup",
         ["v7.2/last-put-wakes-nobody"] = violates "lost-wakeup" }
