-- SPDX-License-Identifier: MIT
-- A sync passes a dirty entry over that a fault has locked.
--
--   1. app has stored to page 0: the entry is dirty
--   2. other stores through a map of its own, and faults: it locks the entry
--   3. app syncs, tags the entry, and finds it locked. dax_writeback_one() calls
--      get_unlocked_entry() with a walk that stands at the entry; xas_find_conflict() finds
--      nothing more at its index. The entry keeps its tag, and the sync returns 0
--   4. the first store is not on the medium
--
-- 6be3e21d25ca (v6.15), "don't skip locked entries when scanning entries", mends the scan for busy
-- pages. In dax_writeback_one() it only renames the call to get_next_unlocked_entry(xas, 0), which
-- asks xas_find_conflict() in mid-walk as before (7.2 fs/dax.c, lib/xarray.c). So the sync is open
-- in every kernel: on 7.2.13 an fdatasync() beside a write fault flushed nothing in 632 of 35,889
-- rounds on ext4. No report of it is known.
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
