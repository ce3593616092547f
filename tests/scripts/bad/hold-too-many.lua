-- expect: 6: map:get: 17 pages are more than can be held at once; give at most 16
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 32 }
local file = pmem:file { pages = 32 }
local map  = process():mmap { file = file }
thread("app", { map:get(0, 17):as "page", put_page "page" })
