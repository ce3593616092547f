-- SPDX-License-Identifier: MIT
-- An entry is removed, and of those who wait for it one is woken, who wakes nobody.
--
--   1. one sync has locked the DAX entry of page 0; a punch and two other syncs wait for it, in
--      this order
--   2. the first sync unlocks the entry, which wakes the punch
--   3. the punch removes the entry and wakes one of the two syncs
--   4. that sync finds no entry: put_unlocked_entry() of nothing wakes nobody
--   5. the other sync sleeps for ever
--
-- Vivek Goyal, "make -j" on virtiofs, up to v5.12: 237388320def (v5.13) has the removal of an entry
-- wake all. He saw it with parallel calls of invalidate_inode_pages2(). Up to v6.14 a sync passes
-- over a locked entry, so it takes a v6.15 to see it with syncs.
-- When the bug is back: deadlock.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma", unpin "dma", map:munmap() }
thread("one",   { file:fsync() })
thread("two",   { file:fsync() })
thread("three", { file:fsync() })
thread("admin", { file:punch(0) })

expect { ["v6.15"] = holds, ["v7.2"] = holds }
