-- SPDX-License-Identifier: MIT
-- A waiter that nobody wakes: truncate finds a page held and sleeps until its count
-- is idle, and the holder lets go with folio_put(), which under the old rules has no
-- hook for fsdax pages. Fixed for GUP by f4f451a16dd1 (July 2022).
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("reader",   { map:get(0):as "page", folio_put "page" })
thread("truncate", { file:truncate(0) })
expect { ["v6.1"] = violates "lost-wakeup", ["v7.2"] = holds }
