-- SPDX-License-Identifier: MIT
-- One page is put before the wait looks at it, and the other one is never looked at.
--
--   1. user has pinned pages 0 and 1
--   2. admin truncates the file: dax_layout_busy_page() returns page 0, which is held
--   3. user unpins page 0, before ext4_break_layouts() looks at its count
--   4. the count is idle, so the wait never sleeps; "retry" was set only by the sleep, and so the
--      loop ends. Nobody has looked at page 1
--   5. admin frees the block of page 1 under its pin
--
-- Ross Zwisler, ext4 of v4.18-rc: b1f382178d15 (v4.19) removes "retry" and scans until no page is
-- held. xfs had the same loop and got the same fix.
-- When the bug is back: use-after-truncate.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file, shift = 1 }

before { map:pin(0):as "first", map:pin(1):as "second" }
thread("user",  { unpin "first", unpin "second" })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v7.2"] = holds }
