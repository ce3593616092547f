-- SPDX-License-Identifier: MIT
-- A process forks while one of its threads pins a page of a private map.
--
--   1. app has a private map: page 0 is a copy of its own, page 1 the file's, to be read only
--   2. user pins page 1 without locks: it notes mm->write_protect_seq, and takes the page
--   3. parent forks: copy_page_range() raises the sequence, write-protects and copies the
--      entries, and raises it again
--   4. user finds another sequence than before, or one that is odd: it unpins all that it has
--      taken, and goes the slow way, which waits for mmap_lock
--
-- No bug: what fork must not do is to share a page of the parent's that is just being pinned, which
-- the next write would take from under the pin. Here the counts are what can go wrong: all
-- that the walk has taken must be put, a pin of a device page 1024 at a time.
-- Were it not put: refcount-leak.
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local app   = process()
local map   = app:mmap { file = file, private = true }
local child = app:child()

before { map:write(0), map:read(1) }
thread("user",   { map:pin(1):as "page", unpin "page" })
thread("parent", { child:fork() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
