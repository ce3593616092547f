-- SPDX-License-Identifier: MIT
-- Three threads take a page without locks while three others truncate the file.
--
--   1. first truncates the file: the PTE is cleared, and one has the page
--   2. first sleeps; one puts the page, and wakes it. Before it looks two has the page, whose walk
--      began when the PTE was there still
--   3. first looks again, at all of the file, as often as it takes; second and third wait for the
--      inode lock, and find what is left to do
--
-- No bug. The walk that began before the flush is over before the flush is, and a later one finds
-- no PTE; so it ends. With less on either side it is in gup-fast-against-truncate.lua and
-- one-walk-three-truncates.lua, where the order is another under variants of v7.2.
-- Were the order another: use-after-truncate.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("one",    { map:get(0, { fast = true }):as "one", put_page "one" })
thread("two",    { map:get(0, { fast = true }):as "two", put_page "two" })
thread("three",  { map:get(0, { fast = true }):as "three", put_page "three" })
thread("first",  { file:truncate(0) })
thread("second", { file:truncate(0) })
thread("third",  { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
