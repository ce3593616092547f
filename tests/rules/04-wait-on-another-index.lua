-- SPDX-License-Identifier: MIT
-- A fault that wants a PMD waits for the entry of a PTE, at an index that nobody wakes.
--
--   1. small faults page 1: it locks the entry of page 1
--   2. huge faults a PMD: grab_mapping_entry() moves to the first index of the PMD, finds the
--      locked entry of page 1, and sleeps on the queue of index 0
--   3. small unlocks its entry and wakes the queue of index 1
--   4. huge sleeps for ever, with mmap_lock held
--
-- Robert Barror and Seema Pandit saw it with RocksDB, v4.20 to v5.2. Matthew Wilcox: 23c84eb78375
-- (v5.3) does not wait for a smaller entry at all: the fault falls back to a PTE.
-- When the bug is back: deadlock.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local small = process():mmap { file = file, shift = 1 }
local huge  = process():mmap { file = file }

thread("small", { small:write(1) })
thread("huge",  { huge:write(0) })

expect { ["v6.1"] = holds, ["v7.2"] = holds }
