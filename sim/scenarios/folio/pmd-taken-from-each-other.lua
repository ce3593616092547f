-- SPDX-License-Identifier: MIT
-- One thread reads a private map by a PMD, which another splits to write, and neither gets further.
--
--   1. reader faults page 1: the private map of the file is read by a PMD
--   2. writer faults page 0: a PMD cannot be written to privately, so it is split, which leaves
--      nothing in its place where it is a file's; writer goes back for a page table
--   3. reader's walk finds nothing, and its next fault puts the PMD before writer's table is there
--   4. writer finds a PMD where it is to have a table, and returns to fault again: as in 2
--
-- Each takes from the other what its next step needs: finish_fault() returns VM_FAULT_NOPAGE when it
-- sees a PMD that was not there, and a walk that finds nothing is a fault. No kernel bounds it; what
-- ends it is that one of the two is quicker at last. Found by the model, in all kernels; no report
-- is known. popple-2023 dies at its first fault, see folio/pmd-at-count-zero.lua.
-- What it shows: livelock.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", fs = "ext4", pages = 4 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file, private = true }

thread("reader", { map:read(1) })
thread("writer", { map:write(0) })

expect { ["v6.1"] = violates "livelock", ["v6.12"] = violates "livelock",
         ["williams-2022-v2"] = violates "livelock", ["williams-2022"] = violates "livelock",
         ["gunthorpe-2022"] = violates "livelock", ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "livelock", ["v7.2"] = violates "livelock" }
