-- SPDX-License-Identifier: MIT
-- A write() wants to remove the entry of a hole, and a fault waits for that entry behind it.
--
--   1. a read fault of page 0, a hole, has the DAX entry locked
--   2. writer write()s to page 0: invalidate_inode_pages2_range() waits for the entry, exclusively
--   3. a second read fault waits for the entry as well
--   4. the first fault unlocks the entry and wakes one: writer
--   5. writer removes the entry, or leaves it where it is dirty, and never locks it. It has to wake
--      the second fault with put_unlocked_entry(), as nobody else will
--
-- write() holds the inode lock and not the invalidate_lock, so faults run beside it. 237388320def
-- (v5.13) mended a wake-up of this function. On ext2, whose faults take the fewest steps. 7.2 warns
-- where a fault maps the block that writer has allocated, before the entry goes: see
-- write-leaves-mapping.lua.
-- Were the wake-up in step 5 left out: lost-wakeup, a fault that sleeps for ever.
local pmem = device { type = "fsdax", fs = "ext2", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { file:truncate(0), file:truncate(1) }
thread("one",    { map:read(0) })
thread("two",    { map:read(0) })
thread("writer", { file:pwrite(0, 0x11) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds,
         ["v7.2"] = violates "kernel-warning" }
