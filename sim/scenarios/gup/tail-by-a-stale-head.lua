-- SPDX-License-Identifier: MIT
-- GUP-fast pins a page by the head of a folio that is gone.
--
--   1. user reads the PTE of page 1, a tail, and looks up its head: page 0
--   2. admin truncates the file: the entry goes, and its folio becomes two pages of order 0
--   3. admin writes the file anew and maps both pages by PTEs: page 0 counts again, and the PTE of
--      page 1 reads as in step 1
--   4. user takes a reference to page 0; the head of page 1 is page 1 by now
--   5. user finds the PTE as it was, and returns page 1, with the reference on page 0
--   6. user unpins page 1: the put goes to a count that never had the pin
--
-- Jann Horn, "mm/gup: fix try_grab_compound_head() race with split_huge_page()", June 2021:
-- c24d37322548 (v5.14, and in stable kernels) looks the head up again once it is held. He saw it in
-- a KVM guest: a TLB flush by interrupt waits for the walk, one that is broadcast does not. In v6.1
-- and v6.12 a walk may hold an idle page for a moment, as gup/walk-into-the-next-file.lua tells,
-- and no folio is made of a PMD.
-- In Dan Williams's series the walk puts page 0 last, while admin inserts its new entry: the free
-- clears page->mapping, which the entry has just set.
-- When the bug is back: refcount-underflow.
kernel { tlb_broadcast = true }
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local huge = process():mmap { file = file }
local map  = process():mmap { file = file, shift = 1 }

before { huge:write(0), map:write(1), huge:munmap() }
thread("user",  { map:pin(1, { write = true, fast = true }):as "dma", dma_write "dma",
                  unpin "dma" })
thread("admin", { file:truncate(0), file:pwrite(0), file:pwrite(1), map:write(0), map:write(1) })

expect { ["v6.1"] = violates "kernel-warning", ["v6.12"] = violates "kernel-warning",
         ["williams-2022-v2"] = violates "bad-mapping",
         ["williams-2022"] = violates "bad-mapping", ["gunthorpe-2022"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
