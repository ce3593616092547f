-- SPDX-License-Identifier: MIT
-- A process forks while two of its threads pin a page of a private map without locks.
--
--   1. app has a private map: page 0 is a copy of its own, page 1 the file's, to be read only
--   2. each of the users notes mm->write_protect_seq, and takes page 1
--   3. parent forks, and raises the sequence twice; whoever sees that gives back what it has taken
--
-- No bug: each gives back its own pin, 1024 of the count, and the other's stays.
-- What the sequence is for, and the slow way from there, is in baseline/pin-against-fork.lua.
-- Were a pin not given back: refcount-leak.
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local app   = process()
local map   = app:mmap { file = file, private = true }
local child = app:child()

before { map:write(0), map:read(1) }
thread("one",    { map:pin(1, { fast = true }):as "one", unpin "one" })
thread("two",    { map:pin(1, { fast = true }):as "two", unpin "two" })
thread("parent", { child:fork() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
