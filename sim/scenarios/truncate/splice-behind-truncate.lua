-- SPDX-License-Identifier: MIT
-- A splice that keeps the page from being let go of.
--
--   1. a page of a file lies in a pipe, where vmsplice() put it
--   2. truncate takes i_rwsem, finds the page held, and sleeps with i_rwsem held
--   3. splicer takes the pipe's mutex for splice(), which reads another page of the file
--      into the pipe, and waits for i_rwsem
--   4. reader comes to take the page out of the pipe, and waits for the pipe's mutex
--
-- Found in the text of 6.1, 6.12 and 7.2: splice_file_to_pipe() holds the pipe's mutex over the
-- read, and the proposals leave it so. A signal ends it: truncate sleeps interruptibly, and
-- whoever would read the pipe does not.
-- When the bug is there: deadlock.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }
local full = pipe()

before { map:vmsplice(full, 1) }
thread("truncate", { file:truncate(1) })
thread("splicer",  { file:splice(full, 0) })
thread("reader",   { full:drain() })

expect { ["v6.1"] = violates "deadlock", ["v6.12"] = violates "deadlock",
         ["williams-2022-v2"] = violates "deadlock", ["williams-2022"] = violates "deadlock",
         ["gunthorpe-2022"] = violates "deadlock", ["v6.15"] = violates "deadlock",
         ["v7.2"] = violates "deadlock" }
