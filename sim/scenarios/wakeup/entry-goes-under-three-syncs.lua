-- SPDX-License-Identifier: MIT
-- Three threads wait for a DAX entry, and it is removed.
--
--   1. one of three syncs has the entry of page 0 locked, to write it back
--   2. admin truncates the file and waits for the entry, and so do the other two syncs
--   3. the first sync unlocks the entry and wakes one waiter, as is right: that one will lock the
--      entry, or pass the wake-up on. It is admin
--   4. admin removes the entry. Nobody can lock it any more, so all who wait must be woken
--   5. where admin wakes one sync, that sync finds no entry and leaves: put_unlocked_entry() of
--      nothing wakes nobody, and the other sync sleeps for ever
--
-- Vivek Goyal, "make -j" on virtiofs, April 2021: 237388320def (v5.13) has __dax_invalidate_entry()
-- wake all. dax_delete_mapping_range() of v6.15 does so, too. Up to v6.14 a sync passes over an
-- entry that is locked and waits for nobody. The warnings of the series of 2022 are of an entry
-- that their scan passed over because it was locked (truncate/locked-entry-is-passed-over.lua).
-- When the bug is back: deadlock.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma", unpin "dma", map:munmap() }
thread("one",   { file:fsync() })
thread("two",   { file:fsync() })
thread("three", { file:fsync() })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "kernel-warning",
         ["williams-2022"] = violates "kernel-warning", ["gunthorpe-2022"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
