-- SPDX-License-Identifier: MIT
-- A block of xfs is punched out of one file, taken by the next, and freed with that one.
--
--   1. app stores to page 0 of first, unmaps it and punches it out
--   2. app creates second, which gets the block, stores to it through a map, and unlinks second
--   3. app creates third, which gets the block in its turn, and stores to it through a map
--
-- The page must forget each file with its entry: xfs_flush_unmap_range() removes the entry of the
-- hole up to 6.14, xfs_break_layouts() from 6.15 on; the eviction of second removes the other.
-- Were either left out: the next dax_associate_entry() finds the mapping of the last file there,
-- and warns.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 1 }
local first  = pmem:file { pages = 1 }
local second = pmem:file { pages = 1, later = true }
local third  = pmem:file { pages = 1, later = true }
local app    = process()
local map    = app:mmap { file = first }
local other  = app:mmap { file = second, later = true }
local last   = app:mmap { file = third, later = true }

kernel { debug_vm = false }
before { map:write(0) }
thread("app", { map:munmap(), first:punch(0),
                second:create(), other:mmap(), other:write(0), other:munmap(),
                second:unlink(), second:close(),
                third:create(), last:mmap(), last:write(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["popple-2023"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
