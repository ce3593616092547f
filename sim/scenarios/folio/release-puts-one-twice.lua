-- SPDX-License-Identifier: MIT
-- The pages of a PMD are released, and one of them twice.
--
--   1. app faults a PMD of four pages, which are requested by one call
--   2. app truncates the file: pgmap_release_folios() puts page 0, and page 1, and goes from there
--      to folio_next() of the first again: page 1 a second time, and pages 2 and 3 never
--
-- "Fix the DAX-gup mistake" v3, patches 10 and 23 (nvdimm, Oct 2022). fs/dax.c asks for one folio
-- at a time, as Alistair Popple noted, so that the loop never gets that far, and williams-2022 as
-- posted holds; williams-2022/pmd-at-once asks for all. pgmap_request_folios() has the same slip
-- where it compares orders, of which nothing comes: all of these folios are single pages.
-- When the bug is there: refcount-underflow.
geometry { pmd_order = 2 }
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 4 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds, ["williams-2022/pmd-at-once"] = violates "refcount-underflow" }
