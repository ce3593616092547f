-- SPDX-License-Identifier: MIT
-- A walk without locks comes to a page that is the next file's by then.
--
--   1. user reads the PTE of page 0 with interrupts off
--   2. admin truncates the file: the PTE is cleared. No CPU is interrupted for the flush, where it
--      is broadcast in hardware, so nobody waits for user
--   3. admin creates another file, which gets the block, and maps and writes it: the page counts
--      again
--   4. user takes the page, finds the PTE gone, and gives the page back
--
-- What holds here is that the page is taken before the PTE is looked at again, and not taken where
-- it counts 0. v7.2/looks-then-takes gives out the other file's page. v7.2/takes-at-zero raises a
-- count of 0 under truncate, which warns. v7.2/scans-then-unmaps frees the block under the walk's
-- feet. With shootdowns by interrupt the first two are not caught, as the flush waits until user is
-- through: there, and only there, a mapped page never counts 0 under a walk. In v6.1 and v6.12 an
-- idle page counts 1, and step 4 takes it before step 3, too, if only for a moment:
-- dax_disassociate_entry() may see that, and warn of a page that is about to be given back. No
-- report is known. Under the proposal of Dan Williams the reference of step 4 may be the last one
-- to go, before the entry does: free_zone_device_page() wakes the truncate and then clears the
-- mapping, which is the next file's by then, and memory_failure() of that page finds no file.
-- When the bug is back: use-after-truncate.
kernel { tlb_broadcast = true }
local pmem  = device { type = "fsdax", pages = 1 }
local file  = pmem:file { pages = 1 }
local other = pmem:file { pages = 1, later = true }
local map   = process():mmap { file = file }
local next  = process():mmap { file = other, later = true }

before { map:write(0) }
thread("user",  { map:get(0, { fast = true }):as "page", dma_read "page", put_page "page" })
thread("admin", { file:truncate(0), other:create(), next:mmap(), next:write(0) })

expect { ["v6.1"] = violates "kernel-warning", ["v6.12"] = violates "kernel-warning",
         ["williams-2022-v2"] = violates "bad-mapping", ["williams-2022"] = violates "bad-mapping",
         ["gunthorpe-2022"] = holds, ["v6.15"] = holds, ["v7.2"] = holds,
         ["v7.2/looks-then-takes"] = violates "use-after-truncate",
         ["v7.2/looks-at-pte-alone"] = holds,
         ["v7.2/scans-then-unmaps"] = violates "use-after-truncate",
         ["v7.2/takes-at-zero"] = violates "kernel-warning" }
