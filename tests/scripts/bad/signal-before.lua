-- expect: 7: nothing runs yet that could get a signal; put it into a thread or steps
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
before { signal "truncate" }
thread("truncate", { file:truncate(0) })
