-- SPDX-License-Identifier: MIT
-- A clone waits for the first page of a file that is held, and forgets the second.
--
--   1. app holds pages 0 and 1 of second
--   2. admin makes second a clone of first: with both files locked it cannot sleep for second, so
--      dax_layout_busy_page() is asked once, and finds page 0
--   3. app puts page 0
--   4. xfs_mmaplock_two_inodes_and_break_dax_layout() looks at that page's count once more: it is
--      idle now, so the clone goes on, and gives up page 1 with its holder
--
-- The count was asked again so that a page that is idle by then costs no further round; the pages
-- behind it cost a scan that nobody makes. v6.15 has dax_break_layout() without a callback there,
-- which begins again whenever it found a page. Read in the sources of 6.1 and 6.12; no
-- report is known. popple-2023 dies in the fault by which a page is held; v6.15 is told of for the
-- index that the entry of page 1 leaves behind, see share/stale-index.lua.
-- There the two can keep each other from getting on: app faults a page in, the clone takes it out
-- before the walk comes to it, and finds it held by the fault.
-- When the bug is back: use-after-truncate.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local map    = process():mmap { file = second, shift = 1 }

thread("app",   { map:get(0):as "low", map:get(1):as "high", put_page "low", put_page "high" })
thread("admin", { second:clone(first) })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate",
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "bad-share", ["v7.2"] = violates "livelock" }
