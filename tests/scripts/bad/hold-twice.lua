-- expect: 7: the hold 'page' is given at line 7 already; name this one otherwise
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:get(0):as "page", map:get(1):as "page", put_page "page" })
