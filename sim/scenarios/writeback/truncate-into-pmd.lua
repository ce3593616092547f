-- SPDX-License-Identifier: MIT
-- A file is cut off inside of a PMD, and the store to the part that stays is never flushed.
--
--   1. app stores to page 0 through a PMD: one DAX entry stands for all its pages, marked dirty
--   2. app truncates the file to one page: the entry is found from the second page, and deleted as
--      a whole, with its mark
--   3. app syncs the file: no entry is marked, nothing is flushed, and fsync() returns 0
--
-- A result of the model, no report is known. That the entry goes as a whole was recorded, of a hole
-- punched into a PMD (S10): pages beside the hole lost mapping and index. 6.1's punch writes back
-- what it is about to delete, its truncate does not; from 6.12 on neither does. From v6.15 on the
-- entry is deleted before that, with all others of the file, as punch-drops-dirty-marks.lua tells.
-- When the bug is there: dirty-lost.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), file:truncate(1), file:fsync() })

expect { ["v6.1"] = violates "dirty-lost", ["v6.12"] = violates "dirty-lost",
         ["williams-2022-v2"] = violates "dirty-lost", ["williams-2022"] = violates "dirty-lost",
         ["gunthorpe-2022"] = violates "dirty-lost", ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "dirty-lost", ["v7.2"] = violates "dirty-lost" }
