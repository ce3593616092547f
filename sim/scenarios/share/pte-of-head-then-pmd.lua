-- SPDX-License-Identifier: MIT
-- One file maps the first page of a shared block by a PTE, the other all of it by a PMD.
--
--   1. second is a clone of first, two pages that a PMD can map
--   2. two has page 0 of second mapped by a PTE: the page is a folio of order 0, and second's
--   3. one faults the PMD of first: dax_associate_entry() finds that page 0 has an owner, makes it
--      shared, and warns that the entry is of another order than the folio
--   4. vmf_insert_folio_pmd() warns as well, and maps nothing: page 1 has no count that a PMD could
--      stand for
--
-- The other half of pte-then-pmd.lua, where nobody has page 0, and step 3 makes a folio. Read in
-- the source of 7.2: the refusal of step 4, a SIGBUS, keeps the damage to two warnings. v6.12 makes
-- no folios, and counts page by page. v6.1 and those that stand on it are told nothing of sharing
-- on reads; gunthorpe-2022 makes folios as 7.2 does.
-- When the bug is back, and a PMD is mapped over a page of order 0: zero-ref-mapped.
geometry { pmd_order = 1 }
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local one    = process():mmap { file = first }
local two    = process():mmap { file = second, shift = 1 }

before { second:clone(first) }
thread("app", { two:read(0), one:read(0) })

expect { ["v6.1"] = violates "bad-share", ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "bad-share", ["williams-2022"] = violates "bad-share",
         ["gunthorpe-2022"] = violates "bad-share", ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "kernel-warning", ["v7.2"] = violates "kernel-warning" }
