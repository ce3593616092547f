-- SPDX-License-Identifier: MIT
-- One file maps a shared block by a PTE, the other all around it by a PMD.
--
--   1. second is a clone of first, two pages that a PMD can map
--   2. two has page 1 of second mapped by a PTE: the page is a folio of order 0, with a count of 1
--   3. one faults the PMD of first: dax_associate_entry() looks at page 0 alone, which nobody has,
--      and makes one folio of both pages; page 1 becomes its tail with a count and a PTE
--   4. the zap of that PTE would put a reference of the head's, which has none
--
-- What becomes of blocks that files share in different orders was asked on nvdimm; 7.2 has a WARN for
-- the other way round alone, a PTE into a folio that is there.
-- v6.12 makes no folios, and counts page by page. v6.1 and those that stand on it are told nothing
-- of sharing on reads; gunthorpe-2022 makes folios as 7.2 does.
-- What it shows: zero-ref-mapped, as a PTE names a page whose folio counts 0.
geometry { pmd_order = 1 }
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local one    = process():mmap { file = first }
local two    = process():mmap { file = second, shift = 1 }

before { second:clone(first) }
thread("app", { two:read(1), one:read(0), two:munmap() })

expect { ["v6.1"] = violates "bad-share", ["v6.12"] = holds,
         ["williams-2022"] = violates "bad-share",
         ["gunthorpe-2022"] = violates "zero-ref-mapped",
         ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "zero-ref-mapped", ["v7.2"] = violates "zero-ref-mapped" }
