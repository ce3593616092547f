-- SPDX-License-Identifier: MIT
-- A walk over a PMD without locks comes to a folio that is the next file's by then.
--
--   1. user reads the PMD of pages 0 and 1 with interrupts off
--   2. admin truncates the file, and the PMD is cleared; another file gets the blocks, and maps
--      them by a PMD: the pages make a folio again, which counts
--   3. user takes two references to the folio, finds the PMD gone, and gives them back
--
-- The same as walk-into-the-next-file.lua, where the leaf is the PMD. "Fix the DAX-gup mistake"
-- gives out what it has taken of a PMD that has changed, as leaf-is-kept.lua tells: here it is the
-- next file's. v6.1 and v6.12 warn as there. The PMDs of v6.15 are special, and no walk without
-- locks takes anything of them.
-- When the bug is back: use-after-truncate.
kernel { tlb_broadcast = true }
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local other = pmem:file { pages = 2, later = true }
local map   = process():mmap { file = file }
local next  = process():mmap { file = other, later = true }

before { map:write(0) }
thread("user",  { map:get(0, { pages = 2, fast = true }):as "pages", dma_read "pages",
                  put_page "pages" })
thread("admin", { file:truncate(0), other:create(), next:mmap(), next:write(0) })

expect { ["v6.1"] = violates "kernel-warning", ["v6.12"] = violates "kernel-warning",
         ["williams-2022-v2"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate", ["gunthorpe-2022"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
