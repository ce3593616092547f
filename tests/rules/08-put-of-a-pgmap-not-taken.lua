-- SPDX-License-Identifier: MIT
-- Each put of a page puts its pgmap, and GUP-fast never took that.
--
--   1. app takes page 0 without locks: the reference to the page, and none to its pgmap
--   2. app puts the page: put_zone_device_page() puts the pgmap as well
--   3. app unbinds the device: the count of the pgmap is at 0 too early, and the counters are freed
--      while RCU still has to add them up
--
-- Dan Williams, v4.12-rc, when x86 came to use the generic GUP-fast, which takes a page by
-- page_cache_get_speculative() and not by get_page(): 71389703839e (v4.12) has a page hold its
-- pgmap once, until its last put.
-- When the bug is back: kernel-bug.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app", { map:get(0, { fast = true }):as "page", put_page "page", map:munmap(), file:close(),
                pmem:umount(), pmem:unbind() })

expect { ["v6.1"] = holds }
