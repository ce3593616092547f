-- expect: 7: 'page' is got, not pinned; write put_page
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:get(0):as "page", unpin "page" })
