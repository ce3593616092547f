-- SPDX-License-Identifier: MIT
-- A copy that a PMD maps is pinned by its second page.
--
--   1. second is a clone of first, two pages that a PMD can map
--   2. app writes to page 0 of first: the fault copies both pages, and dax_associate_entry() makes
--      one folio of the copies, as it does of pages that were never shared
--   3. app pins page 1: the walk finds the head by its tail, and counts there
--   4. app lets go of all, and unbinds the device
--
-- No bug of what is pinned. Up to 6.14 there is no folio, and the second page counts for itself; in
-- 6.1 the copies stay marked, see share/last-copy-stays-marked.lua. williams-2022 fails at the
-- copy, see share/copy-without-request.lua.
-- Were the copy left as single pages where a PMD counts at its head: kernel-warning, as the walk
-- finds a page that counts 0. Were a reference left, as of a copy that is refused: the removal
-- hangs.
geometry { pmd_order = 1 }
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local map    = process():mmap { file = first }

before { second:clone(first) }
thread("app", { map:write(0), map:pin(1, { write = true }):as "io", unpin "io", map:munmap(),
                first:close(), pmem:unbind() })

expect { ["v6.1"] = violates "bad-share", ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "zero-ref-mapped",
         ["williams-2022"] = violates "zero-ref-mapped", ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds, ["v7.2"] = holds }
