-- SPDX-License-Identifier: MIT
-- A page is taken without locks while three threads truncate the file.
--
--   1. user has the page; first, with the locks of the file, finds it held, drops the
--      invalidate_lock and sleeps
--   2. second and third wait for the inode lock, which first keeps
--   3. user puts the page, and wakes first alone; each of the others finds what is left to do
--
-- No bug. v7.2/last-put-wakes-nobody would leave first asleep, and with it the others.
-- Were the order another: use-after-truncate.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("user",   { map:get(0, { fast = true }):as "page", put_page "page" })
thread("first",  { file:truncate(0) })
thread("second", { file:truncate(0) })
thread("third",  { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds, ["v7.2/scans-then-unmaps"] = violates "use-after-truncate",
         ["v7.2/last-put-wakes-nobody"] = violates "lost-wakeup" }
