-- SPDX-License-Identifier: MIT
-- Who truncates holds a page of the file.
--
--   1. app takes page 0 with get_user_pages()
--   2. app truncates the file, and waits until nobody holds the page
--
-- As meant: the wait ends by a signal, and only so. Recorded of 6.1, 6.12 and 7.2 with pages in a
-- pipe (S5), under all of which the truncate sleeps. No wake-up is lost by it.
-- Were the page not waited for: use-after-truncate.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), map:get(0):as "page", file:truncate(0), put_page "page" })

expect { ["v6.1"] = violates "deadlock", ["v6.12"] = violates "deadlock",
         ["williams-2022-v2"] = violates "deadlock", ["williams-2022"] = violates "deadlock",
         ["gunthorpe-2022"] = violates "deadlock", ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "deadlock", ["v7.2"] = violates "deadlock" }
