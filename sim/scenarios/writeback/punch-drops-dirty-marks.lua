-- SPDX-License-Identifier: MIT
-- A hole is punched into one page of a file, and the store to another is never flushed.
--
--   1. app stores to page 0: the fault marks its DAX entry dirty
--   2. app punches out page 1: the layout of the whole file is broken, and as all of it is idle,
--      the entries of the whole file are deleted, that of page 0 with its mark
--   3. app syncs the file: no entry is marked, nothing is flushed, and fsync() returns 0
--
-- A result of the model, no report is known: v6.15 brought dax_delete_mapping_range() (bde708f1a65d),
-- which asks for no mark and flushes nothing, and ext4 and xfs break layouts from 0 to the end. That
-- the other entries go was recorded (S10): in 7.2 a page in another PMD, stored to before, lost
-- mapping and index when a hole was punched, and in 6.12 kept them. A truncate does the same.
-- What is lost is what the CPU's caches still had when the power went.
-- When the bug is there: dirty-lost.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), file:punch(1), file:fsync() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = violates "dirty-lost",
         ["v7.2"] = violates "dirty-lost" }
