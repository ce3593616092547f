-- SPDX-License-Identifier: MIT
-- A sync passes a dirty entry over that a fault has locked.
--
--   1. app has stored to page 0: the entry is dirty
--   2. other stores through a map of its own, and faults: it locks the entry
--   3. app syncs, tags the entry, and finds it locked. Up to 6.14 get_unlocked_entry() goes on from
--      where the walk stands, as in the scan for busy pages, and finds nothing: the entry keeps its
--      tag, and the sync returns 0
--   4. the first store is not on the medium
--
-- 6be3e21d25ca (v6.15), "don't skip locked entries when scanning entries", has dax_writeback_one()
-- sleep on the entry, too. Of a sync alone no report is known. What is left then is the order of
-- dax_writeback_one(), which makes this no race: protect, flush, and then the mark, with the
-- entry locked all the time.
-- When the bug is back: dirty-lost. It is back, too, where the flush is before the protection.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }
local twin = process():mmap { file = file }

before { map:write(0) }
thread("app",   { file:fsync(), file:fsync() })
thread("other", { twin:write(0) })

expect { ["v6.1"] = violates "dirty-lost", ["v6.12"] = violates "dirty-lost",
         ["williams-2022-v2"] = violates "dirty-lost", ["williams-2022"] = violates "dirty-lost",
         ["gunthorpe-2022"] = violates "dirty-lost", ["v6.15"] = holds, ["v7.2"] = holds }
