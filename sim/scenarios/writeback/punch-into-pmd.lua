-- SPDX-License-Identifier: MIT
-- A hole is punched into a PMD, and the store beside it is never flushed.
--
--   1. app stores to page 0 through a PMD: one DAX entry stands for all its pages, marked dirty
--   2. app punches out page 1: the entry is deleted as a whole, with its mark
--   3. app syncs the file: no entry is marked, nothing is flushed, and fsync() returns 0
--
-- A result of the model, no report is known. ext4_punch_hole() of 6.1 begins with
-- filemap_write_and_wait_range(), which writes back the PMD as a whole; in 6.12 and 7.2 it does not.
-- That the entry goes as a whole was recorded (S10). A truncate never wrote back:
-- truncate-into-pmd.lua.
-- When the bug is there: dirty-lost.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), file:punch(1), file:fsync() })

expect { ["v6.1"] = holds, ["v6.12"] = violates "dirty-lost", ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = violates "dirty-lost",
         ["v7.2"] = violates "dirty-lost" }
