-- SPDX-License-Identifier: MIT
-- A page is put as a folio, and the truncate that waits for it sleeps on.
--
--   1. app holds page 0
--   2. admin truncates the file: the page counts 2, and it sleeps on its count until that is 1
--   3. app puts the page with folio_put(): of fsdax pages put_page() knows, and folio_put() does
--      not
--   4. the count is 1, and admin sleeps on
--
-- f4f451a16dd1 (July 2022) gave GUP's own puts the hook, and left folio_put() as it was. So in 6.1
-- and 6.12 whoever has a page from GUP must put it as a page. Where an idle page counts 0 the
-- wake-up lies behind every put.
-- When the bug is back: lost-wakeup.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app",   { map:get(0):as "page", folio_put "page" })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = violates "lost-wakeup", ["v6.12"] = violates "lost-wakeup",
         ["williams-2022-v2"] = holds, ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
