-- SPDX-License-Identifier: MIT
-- A sync leaves one page of a PMD writable, and the next store to it is never flushed.
--
--   1. huge maps pages 0 and 1 by a PMD, small maps page 1 alone; both have stored, and there is
--      one dirty entry for both pages
--   2. a sync writes the entry back: dax_entry_mkclean() visits the VMAs that have the first index
--      of the entry, and that of small does not begin before index 1
--   3. small stores again: its PTE is writable, so nobody faults, and the entry stays clean
--   4. the next sync finds nothing to write
--
-- Muchun Song, v4.10 to v5.18: 06083a0921fd (v5.19) visits the VMAs of the whole range of the
-- entry, by pfn_mkclean_range().
-- When the bug is back: dirty-lost.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local huge  = process():mmap { file = file }
local small = process():mmap { file = file, first = 1, pages = 1, shift = 1 }

before { huge:write(0), small:write(0), file:fsync() }
thread("app", { small:write(0), file:fsync() })

expect { ["v6.1"] = holds, ["v7.2"] = holds }
