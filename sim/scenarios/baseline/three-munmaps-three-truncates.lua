-- SPDX-License-Identifier: MIT
-- Three processes unmap a page while three threads truncate the file.
--
--   1. each of the processes has page 0 mapped, and clears its PTE; the references wait in three
--      mmu_gathers for the TLB flush
--   2. first truncates the file: the count is above the mapcount, and first sleeps
--   3. whichever put is the last must wake it; second and third come after it
--
-- No bug, as of two and one in munmap-under-truncate.lua, which says what would be one, and why
-- gunthorpe-2022 warns.
-- Were a put not to wake: lost-wakeup.
local pmem  = device { type = "fsdax", pages = 1 }
local file  = pmem:file { pages = 1 }
local one   = process():mmap { file = file }
local two   = process():mmap { file = file }
local three = process():mmap { file = file }

before { one:read(0), two:read(0), three:read(0) }
thread("one",    { one:munmap() })
thread("two",    { two:munmap() })
thread("three",  { three:munmap() })
thread("first",  { file:truncate(0) })
thread("second", { file:truncate(0) })
thread("third",  { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = violates "kernel-warning",
         ["v6.15"] = holds, ["v7.2"] = holds }
