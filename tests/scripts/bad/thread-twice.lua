-- expect: 8: thread: there is a thread 'app' already; name it otherwise
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
thread("app", { map:read(1) })
