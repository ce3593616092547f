-- SPDX-License-Identifier: MIT
-- Three threads take a page without locks while the file is truncated.
--
--   1. admin truncates the file: the PTE is cleared, and one has the page
--   2. admin sleeps; one puts the page, and wakes it. Before it looks two has the page, whose walk
--      began when the PTE was there still
--   3. admin looks again, at all of the file, as often as it takes
--
-- No bug. The walk that began before the flush is over before the flush is, and a later one finds
-- no PTE; so it ends. v7.2/scans-then-unmaps looks at the count while the PTE is there to be
-- walked.
-- Were the order another: use-after-truncate.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("one",   { map:get(0, { fast = true }):as "one", put_page "one" })
thread("two",   { map:get(0, { fast = true }):as "two", put_page "two" })
thread("three", { map:get(0, { fast = true }):as "three", put_page "three" })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["williams-2022"] = holds, ["v7.2"] = holds }
