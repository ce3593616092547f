-- SPDX-License-Identifier: MIT
-- A walk over a PMD that is refused a page gives up, and keeps the pgmap.
--
--   1. user walks a PMD without locks: __gup_device_huge() takes the pgmap
--   2. try_grab_page() refuses a page whose count is not above 0
--   3. user gives back the pages that it has, and returns without put_dev_pagemap()
--   4. admin unbinds the device, and waits for the pgmap
--
-- Fixed by 6401c4eb57f9 (v5.16); it cannot be seen. Up to 6.14 no page that a PMD maps counts less
-- than 1, as an idle one counts 1 and page tables hold nothing. So step 2 does not come to pass,
-- and v6.1/huge-walk-keeps-pgmap holds like v6.1. What v7.2 shows is the last put, which looks at
-- the page's pgmap when the truncate and the unbind are over already: see
-- pgmap/release-in-two-steps.lua.
-- When the bug is back, and a mapped page can count 0: unplug-hangs.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("user",  { map:get(0, { pages = 2, fast = true }):as "pages", put_page "pages" })
thread("admin", { file:truncate(0), pmem:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["v7.2"] = violates "use-after-unplug",
         ["v6.1/huge-walk-keeps-pgmap"] = holds }
