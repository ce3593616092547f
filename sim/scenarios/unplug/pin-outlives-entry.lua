-- SPDX-License-Identifier: MIT
-- A pin holds a page whose DAX entry is gone, and with the entry went what held the device.
--
--   1. app has pinned page 0 for a DMA, and unmapped and closed the file
--   2. admin unbinds the device: the inode that nobody uses is evicted, which waits for the pin
--   3. user sends admin a signal: the wait is over, what came of it is not looked at, and the
--      eviction deletes the entry; that puts the pgmap, so memunmap_pages() has no more to wait for
--   4. the DMA goes to memory that is gone, and the unpin to a struct page that is gone
--
-- "Fix the DAX-gup mistake" v2, nvdimm, Sep 2022, puts the pgmap in dax_disassociate_entry(). Dan
-- Williams himself in the review: it "needs to go in free_zone_device_page()", so that GUP
-- prolongs the device's life; v3 does that, and waits uninterruptibly besides. A truncate
-- alone does not show it: v2 waits there too, and a signal ends the call before an entry goes.
-- When the bug is there: use-after-unplug. v6.1 and v6.12 need no signal, as they wait for nobody.
-- v6.15 and v7.2 wait for the pin, and are caught by the last put: free_zone_device_folio() asks
-- a folio that counts 0 for its pgmap; with +arbiter nothing evicts and nothing waits, and the
-- device goes from under the pin. gunthorpe-2022 keeps the device; v6.1's eviction, which it has
-- kept, warns of the held page.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0), map:pin(0):as "dma", map:munmap(), file:close() }
thread("admin",  { pmem:unbind() })
thread("user",   { signal "admin" })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022-v2"] = violates "use-after-unplug", ["williams-2022"] = holds,
         ["gunthorpe-2022"] = violates "kernel-warning",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug",
         ["v7.2+arbiter"] = violates "use-after-unplug" }
