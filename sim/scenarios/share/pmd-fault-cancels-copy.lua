-- SPDX-License-Identifier: MIT
-- A fault that finds a copy too small for a PMD frees it, under the write() that makes it.
--
--   1. second is a clone of first, two pages that a PMD can map
--   2. writer write()s to page 0 of first: a block for the copy is in the CoW fork, not written yet
--   3. app writes through the map: the PMD fault asks for both pages, is given the copy of
--      the first, and cannot use it. xfs_dax_write_iomap_end() is told that nothing was written,
--      and cancels what the CoW fork has there: the block is free
--   4. writer copies its data into it
--
-- write() holds the inode lock, the fault the MMAPLOCK, and nothing keeps them apart. All kernels
-- have it. Read in the sources of 7.2; no report is known.
-- What it shows: use-after-truncate, a write() into a block that is nobody's.
geometry { pmd_order = 1 }
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local map    = process():mmap { file = first }

before { second:clone(first) }
thread("writer", { first:pwrite(0, 7) })
thread("app",    { map:write(0) })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate",
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["popple-2023"] = violates "use-after-truncate",
         ["v6.15"] = violates "use-after-truncate", ["v7.2"] = violates "use-after-truncate" }
