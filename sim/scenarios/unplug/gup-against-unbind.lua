-- SPDX-License-Identifier: MIT
-- A pin that does not hold the device it points into.
--
--   1. app pins page 0. v6.1 takes the pgmap while it walks the page table and puts it at
--      the end of the walk; v7.2 never takes it
--   2. app unmaps the file; only the pin names the page now
--   3. admin unbinds: memunmap_pages() waits for the count of the pgmap, in which the pin
--      has no part, and takes the memmap away
--   4. the DMA goes to memory that is gone, and the unpin to a struct page that is gone
--
-- Jason Gunthorpe, nvdimm, Sep 2022, on "Fix the DAX-gup mistake": take the pgmap when a page
-- comes to be used and put it once the page is free, rather than in GUP. Neither kernel does.
-- Since v5.18 (27674ef6c73f) nothing couples the two; a recorded 6.1 and 7.2 oops in the put.
-- When the bug is there: use-after-unplug. It is gone where a held page holds its pgmap. In
-- williams-2022 the DAX entry holds the page as well: the unpin is not enough, and as nobody
-- truncates the file, the removal hangs.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app",   { map:pin(0):as "page", map:munmap(), dma_write "page", unpin "page" })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022-v2"] = hangs "unplug",
         ["williams-2022"] = hangs "unplug", ["gunthorpe-2022"] = holds,
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug" }
