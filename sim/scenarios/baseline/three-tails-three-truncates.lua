-- SPDX-License-Identifier: MIT
-- Three threads pin the second page behind a PMD while three others truncate the file.
--
--   1. one pins page 1 by the PMD: where it is the tail of a folio, the head has the reference
--   2. first truncates the file, finds the head held, and sleeps on its address; in 6.1, where both
--      are pages of their own, on that of page 1
--   3. one unpins page 1, and wakes who sleeps on the page that its put looks at
--
-- No bug. What a put wakes is what the scan slept on: &folio->page from 6.15 on, before that the
-- page. wakeup/pmd-pinned-by-its-tail.lua is the rule set that has it otherwise.
-- Were it another address: lost-wakeup.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("one",    { map:pin(1, { fast = true, write = true }):as "one", unpin "one" })
thread("two",    { map:pin(1, { fast = true, write = true }):as "two", unpin "two" })
thread("three",  { map:pin(1, { fast = true, write = true }):as "three", unpin "three" })
thread("first",  { file:truncate(0) })
thread("second", { file:truncate(0) })
thread("third",  { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
