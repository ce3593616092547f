-- SPDX-License-Identifier: MIT
-- A store comes while its page is written back.
--
--   1. app has stored to page 0 and syncs: the entry is locked, the PTEs are write-protected, the
--      page is flushed, the mark is taken away
--   2. other stores to the page: through a PTE that is writable still, so that the flush takes it
--      along; or it faults, waits for the entry, and marks it again
--   3. app syncs again, and owes that store too
--
-- The order of dax_writeback_one(), which makes this no race: protect, flush, and then the mark,
-- with the entry locked all the time. Were the flush before the protection: dirty-lost.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }
local twin = process():mmap { file = file }

before { map:write(0) }
thread("app",   { file:fsync(), file:fsync() })
thread("other", { twin:write(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
