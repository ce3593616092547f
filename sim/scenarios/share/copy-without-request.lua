-- SPDX-License-Identifier: MIT
-- The copy of a shared block is mapped, and its entry never took the page.
--
--   1. second is a clone of first
--   2. app writes to page 0 of first: dax_associate_entry() tells the page of the copy that it is
--      shared, and requests it only where it is not
--   3. the PTE is set, over a page that counts 0 and does not hold its pgmap
--
-- dax_zap_pages() would put the reference that nobody took. Read in v3 of "Fix the DAX-gup
-- mistake" (nvdimm, Oct 2022), where a DAX entry holds its pages; no report is known. Elsewhere
-- the page is held by the PTE, or by nobody and counts 1.
-- When the bug is back: zero-ref-mapped.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = first }

before { second:clone(first) }
thread("app", { map:write(0), map:read(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022"] = violates "zero-ref-mapped",
         ["gunthorpe-2022"] = holds, ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = holds, ["v7.2"] = holds }
