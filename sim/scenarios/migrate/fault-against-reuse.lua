-- SPDX-License-Identifier: MIT
-- Two threads fault on a device page, and one of them has it freed and handed out again.
--
--   1. one's read comes upon the swap entry of the device page
--   2. two's read comes upon it as well, and moves the page back to memory: the device page
--      is free; then two moves the memory to the device again, into the same device page
--   3. one asks the driver for the page that its entry named
--
-- Before v6.1 nothing held the page between the look at the entry and the call of
-- migrate_to_ram(), so the driver could be asked for a page that it had not handed out. v6.1 takes
-- a reference under the page table lock, once the entry was found unchanged (16ce101db85d);
-- v6.1/fault-holds-nothing does not. Two who do so at the same time hold the page against each
-- other, both migrations fail, and both fault again, for ever where they are as quick as each
-- other; since v6.15 the page is locked as well, and v7.2 sleeps where it is.
-- When the bug is back: kernel-bug, in the driver.
local gpu = device { type = "private", pages = 1 }
local map = process():mmap { anon = true, pages = 1 }

before { map:write(0), map:migrate_to(gpu, 0) }
thread("one", { map:read(0) })
thread("two", { map:read(0), map:migrate_to(gpu, 0) })

expect { ["v6.1"] = violates "livelock", ["v6.12"] = violates "livelock",
         ["v6.15"] = holds, ["v7.2"] = holds,
         ["v6.1/fault-holds-nothing"] = violates "kernel-bug" }
