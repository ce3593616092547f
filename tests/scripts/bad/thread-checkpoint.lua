-- expect: 7: thread: only operations stand here; put this into steps { ... }
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { checkpoint "01" })
