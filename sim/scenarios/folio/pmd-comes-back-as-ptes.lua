-- SPDX-License-Identifier: MIT
-- What a PMD mapped as one folio is mapped by PTEs, one by one.
--
--   1. app has pages 0 and 1 mapped by a PMD: they are one folio, and page 1 tells of its order
--   2. app truncates the file: the entry goes, and dax_folio_put() makes two pages of the folio
--   3. app writes the file anew, and maps it by PTEs: page 1 is a page by itself
--
-- dax_folio_put() of v6.15-rc1 left page 1 what it told of the folio: v6.15/order-stays. _nr_pages
-- lies over the word in which a page of order 0 has its memcg (4996fc547f5b), and the count of
-- mapped pages went through it: an oops in __lruvec_stat_mod_folio(). Fixed within v6.15 by a call
-- of folio_reset_order().
-- When the bug is back: kernel-bug.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local pmd  = process():mmap { file = file }
local ptes = process():mmap { file = file, shift = 1 }

before { pmd:write(0) }
thread("app", { file:truncate(0), file:pwrite(0), file:pwrite(1), ptes:write(0), ptes:write(1) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds, ["v6.15/order-stays"] = violates "kernel-bug" }
