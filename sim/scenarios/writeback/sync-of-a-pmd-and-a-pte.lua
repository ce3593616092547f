-- SPDX-License-Identifier: MIT
-- A sync writes back the entry of a PMD, and one page of it is mapped by a PTE elsewhere.
--
--   1. app has pages 0 and 1 mapped by a PMD, and page 1 alone by a PTE of another map; it has
--      stored through both, and one dirty entry stands for both pages
--   2. app syncs the file: the entry is written back as a whole and is clean. Each page table entry
--      that maps any of it must be read-only after that
--   3. app stores to page 1 through the PTE: that has to fault, which marks the entry dirty
--   4. app syncs again, and the store must be on the medium
--
-- Muchun Song, v4.10 to v5.18: dax_entry_mkclean() visited only the VMAs that have the first index
-- of the entry, and the map of page 1 alone begins behind it. 06083a0921fd (v5.19) visits the VMAs
-- of all of its range.
-- When the bug is back: dirty-lost.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local huge  = process():mmap { file = file }
local small = process():mmap { file = file, first = 1, pages = 1, shift = 1 }

thread("app", { huge:write(0), small:write(0), file:fsync(), small:write(0), file:fsync() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds, ["v7.2"] = holds }
