-- SPDX-License-Identifier: MIT
-- A removal that tries once to empty its memory, and then waits for ever.
--
--   1. app's page 0 lies in device-coherent memory, and app holds it by get_user_pages()
--   2. admin unbinds: migrate_device_range() turns the page's entry into a migration entry,
--      migrate_folio() finds a reference too many, and the page is mapped again
--   3. app puts the page; nobody tells the driver
--   4. memunmap_pages() waits for a page that is mapped, and that nobody will move any more
--
-- The driver is lib/test_hmm.c, whose dmirror_device_evict_chunk() makes one attempt; in all
-- kernels. Found by the model; no report of it is known.
-- When the bug is there: unplug-hangs. A driver that tried again once the page is put, or
-- an app that unmapped it, would let the removal end.
local gpu = device { type = "coherent", pages = 1 }
local map = process():mmap { anon = true, pages = 1 }

before { map:write(0), map:migrate_to(gpu, 0) }
thread("app",   { map:get(0):as "page", put_page "page" })
thread("admin", { gpu:unbind() })

expect { ["v6.1"] = hangs "unplug", ["v6.12"] = hangs "unplug", ["v6.15"] = hangs "unplug",
         ["v7.2"] = hangs "unplug" }
