-- SPDX-License-Identifier: MIT
-- A write() to a shared block makes a copy, and the map goes on showing the original.
--
--   1. second is a clone of first, and page 0 of first is mapped
--   2. app writes to first with write(): a copy takes the place of the shared block
--   3. v6.1 invalidates entries only for blocks that are new to the file, and this one is not:
--      entry and PTE go on naming the block that is second's alone now
--   4. app reads through the map what was there before its write
--
-- "fsdax: invalidate pages when CoW" (6.2) made it so that v6.12 holds. 7.2 removes the entry before
-- the PTE, as invalidate_inode_pages2_range() does with DAX, and warns of the count that the PTE
-- has; so does 6.15 not, of a page of order 0. Read in the sources of 7.2; no report is known.
-- When the bug is back: use-after-truncate; in 7.2 the warning is left.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = first }

before { second:clone(first) }
thread("app", { map:read(0), first:pwrite(0, 7), map:read(0) })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = holds,
         ["williams-2022"] = violates "use-after-truncate",
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = holds, ["v7.2"] = violates "kernel-warning" }
