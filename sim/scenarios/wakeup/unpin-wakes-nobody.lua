-- SPDX-License-Identifier: MIT
-- A pin is given back, and the truncate that waits for it sleeps on.
--
--   1. app pins page 0 for a DMA
--   2. admin truncates the file: the page is held, and it sleeps on an address until the count is
--      idle
--   3. app unpins the page. The count is idle now, and nobody is woken at that address
--
-- Twice. From v5.18 on GUP put what it had pinned with folio_put_refs(), past the hook of
-- put_page() that wakes a truncate: v6.1/gup-puts-folios. Fixed in July 2022 by f4f451a16dd1. In
-- 2025 the patches 4 to 18 of v9 of the series that became 6.15, as posted, have the truncate sleep
-- on the page and the put wake the count of the page: v6.12/waits-on-page. From patch 19 on both
-- mean the page; no report of somebody who bisected through there is known.
-- When the bug is back: lost-wakeup. The sleep is interruptible, so no hung task is told of.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app",   { map:pin(0):as "dma", unpin "dma" })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds, ["v6.1/gup-puts-folios"] = violates "lost-wakeup",
         ["v6.12/waits-on-page"] = violates "lost-wakeup" }
