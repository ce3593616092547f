-- SPDX-License-Identifier: MIT
-- A sync has a DAX entry locked when xfs is told of the removal of its device.
--
--   1. app has stored to page 0 and unmapped the file; syncer calls fsync(), which locks the entry
--      while it flushes the page
--   2. admin unbinds the device: kill_dax() tells xfs, and mf_dax_kill_procs() comes to the same
--      entry
--   3. dax_lock_mapping_entry() waits in wait_entry_unlocked() until the sync has unlocked the
--      entry
--
-- A freeze keeps out who writes, and an fsync() does not count as that. The other way round the
-- sync is wrong: fsync() passes over an entry that the removal has locked, from 6.12 on the sync of
-- its freeze, and returns 0 where xfs is not shut down yet. All rule sets do so, see two-syncs.lua.
-- Under the postings of "Fix the DAX-gup mistake" the entry holds the device besides: the removal
-- hangs. No report is known.
-- When the bug is there: dirty-lost. Were the wait of step 3 left out: the removal spins with the
-- xa_lock held, which the sync wants.
local pmem = device { type = "fsdax", fs = "xfs", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

kernel { debug_vm = false }
before { map:write(0), map:munmap() }
thread("syncer", { file:fsync() })
thread("admin",  { pmem:unbind() })

expect { ["v6.1"] = violates "dirty-lost", ["v6.12"] = violates "dirty-lost",
         ["williams-2022-v2"] = violates "dirty-lost", ["williams-2022"] = violates "dirty-lost",
         ["gunthorpe-2022"] = violates "dirty-lost", ["popple-2023"] = violates "dirty-lost",
         ["v6.15"] = violates "dirty-lost", ["v7.2"] = violates "dirty-lost" }
