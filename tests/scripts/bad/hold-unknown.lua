-- expect: 7: nothing is held as 'page'; name it where it is taken, map:get(page):as "page"
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:get(0), put_page "page" })
