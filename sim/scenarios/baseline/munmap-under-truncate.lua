-- SPDX-License-Identifier: MIT
-- Two processes unmap a page while the file is truncated.
--
--   1. one and two have page 0 mapped. one unmaps it: the PTE is cleared and the mapcount taken
--      back, and the reference waits in the mmu_gather for the TLB flush
--   2. admin truncates the file: the count is above the mapcount, as if the page were held, and
--      admin sleeps
--   3. one flushes, and puts the page; so does two. Whichever put is the last must wake admin
--
-- No bug: from 6.15 on the count of a page is compared with its mapcount, and a munmap under way
-- looks like a pin. A put that did not wake, v7.2/last-put-wakes-nobody, would leave a truncate
-- asleep that nobody's GUP has a part in. Up to 6.12 page tables hold nothing, and nothing is seen.
-- gunthorpe-2022 has the counting of 7.2 and the scan of 6.1, which is silent where no VMA maps the
-- file any more: the entry goes while a gather holds the page, and that warns.
-- When the bug is back: lost-wakeup.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local one  = process():mmap { file = file }
local two  = process():mmap { file = file }

before { one:read(0), two:read(0) }
thread("one",   { one:munmap() })
thread("two",   { two:munmap() })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = violates "kernel-warning",
         ["v6.15"] = holds, ["v7.2"] = holds,
         ["v7.2/last-put-wakes-nobody"] = violates "lost-wakeup" }
