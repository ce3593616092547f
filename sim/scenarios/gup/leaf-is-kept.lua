-- SPDX-License-Identifier: MIT
-- A walk over a PMD gives up, and gives out what it has taken of it.
--
--   1. user takes two pages of a PMD without locks: the first of them is had
--   2. admin truncates the file: the PMD is cleared, and the scan puts what the entry held of page
--      1
--   3. user finds that page 1 counts 0. It gives up, but leaves the number of pages as it was
--      raised by then: undo_dev_pagemap() is gone
--   4. admin, which found page 0 idle before user took it, frees its block; user has it pinned
--
-- "Fix the DAX-gup mistake" v3, patch 25 (nvdimm, Oct 2022), takes the undo out of both ways on
-- which __gup_device_huge() fails, as if there were nothing but a pgmap to be put. Read in the
-- posting. Shootdowns are broadcast here; where they interrupt, admin waits for user in step 2. The
-- warnings of v6.1 and v6.12 are those of gup/walk-into-the-next-file.lua.
-- When the bug is there: use-after-truncate.
kernel { tlb_broadcast = true }
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("user",  { map:pin(0, { pages = 2, write = true, fast = true }):as "dma",
                  dma_write "dma", unpin "dma" })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = violates "kernel-warning", ["v6.12"] = violates "kernel-warning",
         ["williams-2022-v2"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate", ["gunthorpe-2022"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
