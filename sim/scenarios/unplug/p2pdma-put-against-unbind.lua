-- SPDX-License-Identifier: MIT
-- A page that is looked at once it has given its device up.
--
--   1. app has mapped a page of a PCI BAR, which holds the pgmap for as long as it is used,
--      and unmaps it: the last put calls p2pdma_page_free(), which gives the page back to
--      the pool and puts the pgmap
--   2. admin unbinds: nothing is mapped any more, the pgmap's count is 0, and
--      memunmap_pages() takes the memmap away
--   3. app is still in free_zone_device_folio(), which asks page->pgmap for its type, and
--      would set the page's count to 1
--
-- Found in the text of 6.12: free_zone_device_folio() goes on where a private page ends with
-- the put. Since v6.15 the type is read before the page is freed, and a p2pdma page ends
-- there as well. v6.1 has no way to map such a page.
-- When the bug is there: use-after-unplug.
local bar = device { type = "p2pdma", pages = 2 }
local map = process():mmap { device = bar, pages = 1 }

before { map:write(0) }
kernel { debug_vm = false }	-- with it v6.15 warns of each page that is mapped
thread("app",   { map:munmap() })
thread("admin", { bar:unbind() })

expect { ["v6.12"] = violates "use-after-unplug", ["v6.15"] = holds, ["v7.2"] = holds }
