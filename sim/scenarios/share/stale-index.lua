-- SPDX-License-Identifier: MIT
-- The index of a page that no file has is taken for a count of sharers.
--
--   1. app maps page 1 of first: the page's mapping is first's, its index 1
--   2. second is made a clone of first, which removes the entry: dax_folio_put() of v6.15 clears
--      the mapping of a page of order 0, and leaves the index
--   3. the page has no mapping, and 1 in the word that index and share have in common: to
--      dax_folio_is_shared() it is shared by one
--   4. the next fault on page 1 would make that two, and there is one
--
-- 6.15 as posted (v9). 7.2 clears both words in dax_folio_reset_order(). The older kernels know a
-- shared page by its mapping. What would follow in v6.15: the count never comes down to 0, and
-- the page is not the next file's when it should be. williams-2022 fails for another reason: the
-- clone has put what the entry held and left the entry, and the next fault maps it as it is.
-- When the bug is back: bad-share.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local map    = process():mmap { file = first }

thread("app", { map:read(1), second:clone(first), map:read(1) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022"] = violates "zero-ref-mapped",
         ["gunthorpe-2022"] = holds, ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "bad-share", ["v7.2"] = holds }
