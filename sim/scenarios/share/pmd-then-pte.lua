-- SPDX-License-Identifier: MIT
-- One file maps a block by a PMD, another that shares a part of it by a PTE.
--
--   1. second is a clone of first, two pages that a PMD can map
--   2. one faults the PMD of first: both pages become one folio
--   3. two faults page 1 of second: dax_associate_entry() finds the folio by its tail, warns that
--      the order is another, and counts the folio as shared by two, of which one has a part of it
--
-- The other way round is pte-then-pmd. What becomes of blocks that files share in different orders
-- was asked on nvdimm; v6.15 and v7.2 warn, and go on. v6.12 makes no folios, and counts page by
-- page. v6.1 and those that stand on it are told nothing of sharing on reads; gunthorpe-2022 makes
-- folios as 7.2 does.
-- What it shows: bad-share.
geometry { pmd_order = 1 }
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local one    = process():mmap { file = first }
local two    = process():mmap { file = second, shift = 1 }

before { second:clone(first) }
thread("app", { one:read(0), two:read(1), two:munmap() })

expect { ["v6.1"] = violates "bad-share", ["v6.12"] = holds,
         ["williams-2022"] = violates "bad-share", ["gunthorpe-2022"] = violates "bad-share",
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = violates "bad-share",
         ["v7.2"] = violates "bad-share" }
