-- SPDX-License-Identifier: MIT
-- A second process reads a shared page that the first has pinned, and the kernel warns.
--
--   1. second is a clone of first
--   2. app pins page 0 of first
--   3. other faults the same page: as the block is shared, dax_insert_entry() unmaps what is
--      mapped of the page, takes it out of the entry and puts it in again
--   4. dax_folio_put() finds that nobody else shares the page, and asserts that it counts 0; it
--      counts the pin
--
-- The pin does no harm here, and neither does the warning. 6.15 does not ask a page of order 0, and
-- the older kernels ask only where a block goes with the entry. Read in the sources of 7.2; no
-- report is known.
--
-- 6.12 never comes to step 3. Its page has PAGE_MAPPING_DAX_SHARED for a mapping, which has the bit of
-- PAGE_MAPPING_ANON (include/linux/page-flags.h): gup_must_unshare() takes it for an anonymous page
-- that a fork has shared, and the pin asks for a copy. The fault of a shared mapping makes none
-- (sanitize_fault_flags(), mm/memory.c), so that __get_user_pages() tries again for ever. In 6.1
-- only the copy that a write makes has such a mapping. Read in the sources; no report is known.
-- When the bug is back: kernel-warning.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = first }
local other  = process():mmap { file = first }

before { second:clone(first) }
thread("app", { map:pin(0):as "io", other:read(0), unpin "io" })

expect { ["v6.1"] = holds, ["v6.12"] = violates "livelock", ["williams-2022"] = holds,
         ["gunthorpe-2022"] = holds, ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = holds, ["v7.2"] = violates "kernel-warning" }
