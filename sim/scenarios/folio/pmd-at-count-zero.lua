-- SPDX-License-Identifier: MIT
-- A PMD is set over a folio whose count is 0.
--
--   1. app writes to a page that a PMD can map: the fault locks the DAX entry and makes one
--      folio of the pages behind it, which counts 0
--   2. the insert takes the PMD's reference with folio_get(): the count is 0, VM_BUG_ON_FOLIO
--
-- Dan Williams, nvdimm, Nov 2023, on Alistair Popple's RFC: dax-pmd of ndctl's dax-ext4.sh died
-- in dax_insert_pfn_pmd(), "refcount:0 ... order:9 ... entire_mapcount:0 ... pincount:0". As
-- merged in v6.15 (38607c62b34b) the fault takes a reference of its own before the insert, with
-- a plain folio_ref_inc() that does not look. v6.1 and v6.12 make no folio, and count nothing.
-- When the bug is back: kernel-bug.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

thread("app", { map:write(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds,
         ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds,
         ["gunthorpe-2022"] = holds, ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = holds, ["v7.2"] = holds }
