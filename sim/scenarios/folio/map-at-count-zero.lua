-- SPDX-License-Identifier: MIT
-- A page whose count is 0 is mapped.
--
--   1. first faults page 0; under the new rules its count is 0 until the PTE takes a reference
--   2. first drops its mapping again: the count is back at 0, the page stays with its file
--   3. second faults the same page in the middle of it
--
-- Dan Williams, nvdimm, Nov 2023, on Alistair Popple's RFC: folio_get() of a folio whose count
-- is 0 is a VM_BUG_ON, and dax_insert_pfn_pmd() did that ("refcount:0 ... order:9", dax-pmd of
-- ndctl's dax-ext4.sh). As merged in v6.15 the fault itself counts first, without a look at
-- what the count was, and drops that when the PTE or PMD has its own. v6.1 has no such moment:
-- an idle page counts 1, and a PTE nothing.
-- When the bug is back: kernel-bug; where the check is off, zero-ref-mapped.
local pmem   = device { type = "fsdax", pages = 1 }
local file   = pmem:file { pages = 1 }
local first  = process():mmap { file = file }
local second = process():mmap { file = file }

thread("first",  { first:write(0), first:munmap() })
thread("second", { second:write(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds,
         ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds,
         ["gunthorpe-2022"] = holds, ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = holds, ["v7.2"] = holds }
