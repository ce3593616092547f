-- SPDX-License-Identifier: MIT
-- Two files that share a block fault it in at once, and the page miscounts them.
--
--   1. second is a clone of first; neither has mapped page 0 yet
--   2. one faults page 0 of first: nobody has the page, so it becomes first's; its mapping is
--      written, its index not yet
--   3. two faults page 0 of second: the page has a mapping, so it is made shared, which clears
--      the mapping and writes 1 into share, the same word as index
--   4. one writes the index 0 over it
--   5. two finds a share of 0, warns, and makes it 1: two files, and the page counts one
--
-- Each holds the xa_lock of its own file, and nothing that the other takes. v6.12 knows a shared
-- page from the first fault on, and counts by share++: both load 0, both store 1. v6.1 is not told
-- on reads that a block is shared: the second fault warns, and the page becomes its file's alone.
-- So it is under williams-2022 and gunthorpe-2022, which stand on v6.1. Read in the sources of 7.2;
-- no report is known. popple-2023 dies at its first fault, see folio/map-at-count-zero.lua.
-- What it shows: bad-share.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local one    = process():mmap { file = first }
local two    = process():mmap { file = second }

before { second:clone(first) }
thread("one", { one:read(0) })
thread("two", { two:read(0) })

expect { ["v6.1"] = violates "bad-share", ["v6.12"] = violates "bad-share",
         ["williams-2022"] = violates "bad-share", ["gunthorpe-2022"] = violates "bad-share",
         ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "bad-share", ["v7.2"] = violates "bad-share" }
