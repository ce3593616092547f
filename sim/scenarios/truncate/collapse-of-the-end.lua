-- SPDX-License-Identifier: MIT
-- A collapse that is to be refused waits for a page that is held first.
--
--   1. app takes page 0 with get_user_pages()
--   2. app asks for page 1, the last of the file, to be collapsed, which is -EINVAL: that would
--      be a truncate
--   3. the layout of the whole file is broken before that is seen: app waits until nobody holds
--      page 0
--
-- ext4_collapse_range() of 6.1 looks at the size before it locks out faults. From 6.14 on, and in
-- the 6.12 that was booted, ext4_fallocate() breaks the layout for all modes but the one that takes
-- blocks, and looks at the range after that. A hole that is punched past the end waits alike. A
-- result of the model, no report is known. Only a signal ends the wait, as with any truncate of
-- what one holds.
-- Were the range looked at first: holds.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), map:get(0):as "page", file:collapse(1), put_page "page" })

expect { ["v6.1"] = holds, ["v6.12"] = violates "deadlock",
         ["williams-2022-v2"] = holds, ["williams-2022"] = holds,
         ["gunthorpe-2022"] = holds, ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "deadlock", ["v7.2"] = violates "deadlock" }
