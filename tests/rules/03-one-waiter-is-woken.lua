-- SPDX-License-Identifier: MIT
-- An entry is removed, and one of its two waiters is woken, who wakes nobody.
--
--   1. a hole of the file is mapped by a PMD: one DAX entry stands for pages 0 and 1
--   2. one thread faults page 1 by a PTE. It locks the entry of the PMD and unmaps the hole; the two
--      other threads wait for the entry
--   3. the first thread removes the entry and wakes one of the two
--   4. that thread finds no entry of a PMD. It creates or waits for one of page 1, whose queue is
--      another one, and so it never passes the wake-up on
--   5. the third thread sleeps for ever
--
-- Vivek Goyal, "make -j" on virtiofs, up to v5.12: 237388320def (v5.13) has the removal of an entry
-- wake all waiters. There the bug was in __dax_invalidate_entry(), and parallel calls of
-- invalidate_inode_pages2() showed it. The model has no caller that runs in parallel to itself, so
-- the rule file makes the same mistake in grab_mapping_entry(), which removes entries, too.
-- When the bug is back: deadlock.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local huge  = process():mmap { file = file }
local small = process():mmap { file = file, shift = 1 }

before { file:punch(0), file:punch(1), huge:read(0) }
thread("one",   { small:read(1) })
thread("two",   { small:read(1) })
thread("three", { small:read(1) })

expect { ["v6.1"] = holds, ["v7.2"] = holds }
