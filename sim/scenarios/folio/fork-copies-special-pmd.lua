-- SPDX-License-Identifier: MIT
-- A fork copies a PMD, and the folio behind it does not count the copy.
--
--   1. app has a private map: page 2 is a copy of its own, so that a fork copies the map; pages 0
--      and 1 are the file's, mapped by a PMD to be read only
--   2. app forks: copy_huge_pmd() finds the PMD special, as if it held nothing, and copies it as it
--      is; no reference, no mapcount
--   3. the child exits: the zap takes the PMD for a page's, and puts a reference that the parent's
--      holds
--   4. the parent reads through a PMD over a page that counts 0
--
-- vmf_insert_folio_pmd() of 6.15 sets the PMD through insert_pfn_pmd(), which marks as special what
-- is no devmap (David Hildenbrand, linux-mm, June 2025: GUP-fast turns away from such a PMD). That
-- a fork copies it was read in the sources of 6.12 and in v9 of the series; no report is known. In
-- 7.2 the PMD of a folio is not special, and up to 6.12 it is devmap: neither is copied.
-- When the bug is back: zero-ref-mapped.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 4 }
local file  = pmem:file { pages = 4 }
local app   = process()
local map   = app:mmap { file = file, private = true }
local child = app:child()

before { map:write(2), map:read(0) }
thread("app", { child:fork(), child:exit(), map:read(0), map:munmap() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["v6.15"] = violates "zero-ref-mapped", ["v7.2"] = holds }
