-- SPDX-License-Identifier: MIT
-- A process forks three times while three of its threads pin a page of a private map without locks.
--
--   1. app has a private map of the file's page, which is there to be read
--   2. each of the users notes mm->write_protect_seq, and takes the page
--   3. first, second and third fork, one after the other: mmap_lock is held for writing, and the
--      sequence is raised twice; whoever sees that gives back what it has taken
--
-- No bug: each gives back its own pin, 1024 of the count, and those of the others stay.
-- What the sequence is for, and the slow way from there, is in baseline/pin-against-fork.lua.
-- Were a pin not given back: refcount-leak.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local app  = process()
local map  = app:mmap { file = file, private = true }
local first, second, third = app:child(), app:child(), app:child()

before { map:read(0) }
thread("one",    { map:pin(0, { fast = true }):as "one", unpin "one" })
thread("two",    { map:pin(0, { fast = true }):as "two", unpin "two" })
thread("three",  { map:pin(0, { fast = true }):as "three", unpin "three" })
thread("first",  { first:fork() })
thread("second", { second:fork() })
thread("third",  { third:fork() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
