-- SPDX-License-Identifier: MIT
-- A sync passes a dirty entry over that a fault has locked.
--
--   1. app has stored to page 0: the entry is dirty
--   2. other stores through a map of its own, and faults: it locks the entry
--   3. app syncs, tags the entry, and finds it locked. get_next_unlocked_entry() goes on from where
--      the walk stands and finds nothing more at that index: the entry keeps its tag, and the sync
--      returns 0
--   4. the first store is not on the medium
--
-- A result of the model, no report is known. 6be3e21d25ca (v6.15), "don't skip locked entries when
-- scanning entries", has the scan for busy pages wait for the entry, and dax_writeback_one() call
-- the same function as before under a new name. The order of dax_writeback_one() alone makes this
-- no race: protect, flush, and then the mark, with the entry locked all the time.
-- When the bug is there: dirty-lost. It is in every kernel.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }
local twin = process():mmap { file = file }

before { map:write(0) }
thread("app",   { file:fsync(), file:fsync() })
thread("other", { twin:write(0) })

expect { ["v6.1"] = violates "dirty-lost", ["v6.12"] = violates "dirty-lost",
         ["williams-2022-v2"] = violates "dirty-lost", ["williams-2022"] = violates "dirty-lost",
         ["gunthorpe-2022"] = violates "dirty-lost", ["v6.15"] = violates "dirty-lost",
         ["v7.2"] = violates "dirty-lost" }
