-- SPDX-License-Identifier: MIT
-- A write() gives a file a block of its own, and a store to that block through a map is synced.
--
--   1. second is a clone of first; app has read page 0 of first through a map, so an entry names
--      the shared block
--   2. app write()s to page 0 of first: the data goes to a new block, and
--      invalidate_inode_pages2_range() removes the entry of the old one
--   3. app stores to page 0 through the map, and calls fsync(), which flushes the page that the
--      entry names
--
-- "fsdax: invalidate pages when CoW" (6.2) brought step 2. Here and not with the scenarios, as 6.1
-- and 7.2 do no more than in share/write-leaves-mapping.lua.
-- Were the entry left: fsync() flushes the page of second. dirty-lost.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = first }

kernel { debug_vm = false }
before { second:clone(first), map:read(0) }
thread("app", { first:pwrite(0, 7), map:write(0, 8), first:fsync() })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate",
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds,
         ["v7.2"] = violates "kernel-warning" }
