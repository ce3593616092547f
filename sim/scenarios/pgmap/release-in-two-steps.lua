-- SPDX-License-Identifier: MIT
-- A page is released, and looked at once more to see whether it is free.
--
--   1. app has pinned page 0; admin truncates the file, and the scan releases what the entry held:
--      the count is 1 still, so the pgmap is not put
--   2. app unpins the page: the count is 0, and the put knows nothing of the pgmap
--   3. admin unbinds, and waits for a reference that nobody will put
--
-- "Fix the DAX-gup mistake" v3, patches 10 to 22, nvdimm, Oct 2022; Jason Gunthorpe saw it in the
-- review, and patch 23 has free_zone_device_page() put the pgmap. The mirror of it is worse:
-- nothing that a page does after its last put is seen by a removal, see v7.2, whose
-- free_zone_device_folio() begins with a look at the page, and williams-2022-v2, which ends with a
-- store to it. williams-2022 as a whole looks first, and puts the pgmap last. v6.1 never comes to
-- 0.
-- When the bug is back: use-after-unplug by the mirror, unplug-hangs by the other.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app",   { map:pin(0):as "dma", unpin "dma" })
thread("admin", { file:truncate(0), pmem:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = violates "use-after-unplug",
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug",
         ["williams-2022/release-puts-pgmap"] = violates "use-after-unplug" }
