-- SPDX-License-Identifier: MIT
-- Two threads take a page without locks while two others truncate the file.
--
--   1. GUP-fast reads a PTE, takes the page, and looks at the PTE again
--   2. truncate clears the PTE, and looks at the count of the page after that
--   3. whoever comes second sees the other: the walk gives the page back, or truncate waits for it
--
-- No bug: the order is that of dax_layout_busy_page_range(), fs/dax.c, and every rule set keeps it.
-- v7.2/looks-at-pte-alone leaves the look at the PMD out, and is not caught: of device pages
-- nothing takes a table away with its PTEs in it, as khugepaged does of anonymous memory (the
-- comment above gup_pte_range() in 6.1). The walks that are caught are in
-- gup/walk-into-the-next-file.lua.
-- Were the order another: use-after-truncate.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("one",   { map:get(0, { fast = true }):as "one", put_page "one" })
thread("two",   { map:get(0, { fast = true }):as "two", put_page "two" })
thread("admin", { file:truncate(0) })
thread("other", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds, ["v7.2/looks-at-pte-alone"] = holds }
