-- expect: 7: 'page' is pinned, not got; write unpin
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:pin(0):as "page", put_page "page" })
