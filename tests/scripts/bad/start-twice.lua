-- expect: 7: there is a task 'admin' already; name it otherwise
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { start("admin", pmem:sync()), start("admin", pmem:unbind()) }
