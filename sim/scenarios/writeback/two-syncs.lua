-- SPDX-License-Identifier: MIT
-- Two syncs of one file, and the second is done before the first has flushed.
--
--   1. app has stored to page 0; its entry is dirty
--   2. other begins to sync: it tags what is dirty as to be written, and drops the lock
--   3. app's sync tags it too, locks the entry, and takes the tag away, before it write-protects
--      and flushes
--   4. other looks for entries that are tagged, finds none, and returns 0
--
-- A result of the model, no report is known. The comment in dax_writeback_one() says that whoever
-- looks at the entry finds it locked and waits; but who finds no tag does not look. The store
-- is flushed a moment later, by the first sync, unless the power goes before.
-- When the bug is there: dirty-lost. It is in every kernel.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app",   { map:msync() })
thread("other", { file:fsync() })

expect { ["v6.1"] = violates "dirty-lost", ["v6.12"] = violates "dirty-lost",
         ["williams-2022-v2"] = violates "dirty-lost", ["williams-2022"] = violates "dirty-lost",
         ["gunthorpe-2022"] = violates "dirty-lost", ["v6.15"] = violates "dirty-lost",
         ["v7.2"] = violates "dirty-lost" }
