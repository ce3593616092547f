-- SPDX-License-Identifier: MIT
-- The last put of a page comes when its device is being removed.
--
--   1. app holds a page of device memory that nothing maps any more
--   2. admin unbinds: memunmap_pages() kills the pgmap and waits, as the page has it
--   3. app puts the page: it is free, and puts the pgmap; the removal goes on
--
-- Until 50f44ee7248a (v5.3) the range was taken away first, and the last reference waited for after
-- that: v6.1/removal-waits-for-nobody. Since then all that a removal does stands behind
-- wait_for_completion().
-- When the bug is back: use-after-unplug.
local gpu = device { type = "coherent", pages = 1, keeps = true }
local map = process():mmap { anon = true, pages = 1 }

before { map:write(0), map:migrate_to(gpu, 0), map:get(0):as "page", map:munmap() }
thread("app",   { put_page "page" })
thread("admin", { gpu:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["popple-2023"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds,
         ["v6.1/removal-waits-for-nobody"] = violates "use-after-unplug" }
