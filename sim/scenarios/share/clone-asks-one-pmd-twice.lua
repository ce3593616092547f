-- SPDX-License-Identifier: MIT
-- A clone waits for the first PMD of a file that is held, and forgets the second.
--
--   1. app holds a page of each of second's two PMDs
--   2. admin makes second a clone of first: the first PMD is found busy
--   3. app puts the page of the first PMD
--   4. the clone looks at that one again, and gives the second PMD's blocks up under its holder
--
-- As clone-asks-one-page-twice.lua, and nothing besides. What is held was held before the clone
-- began, so that no fault keeps it busy; and an entry that goes takes a PMD's folio apart, which
-- clears its index in v6.15 as well. What is left is whether the clone begins again, as
-- dax_break_layout() without a callback has done since v6.15.
-- When the bug is back: use-after-truncate.
geometry { pmd_order = 1 }
local pmem   = device { type = "fsdax", fs = "xfs", pages = 8 }
local first  = pmem:file { pages = 4, fill = 0xa1 }
local second = pmem:file { pages = 4 }
local map    = process():mmap { file = second }

before { map:get(0):as "low", map:get(2):as "high" }
thread("app",   { put_page "low", put_page "high" })
thread("admin", { second:clone(first) })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022-v2"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate",
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["v6.15"] = holds, ["v7.2"] = holds }
