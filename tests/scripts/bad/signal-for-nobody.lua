-- expect: 7: no thread is called 'truncate'; write thread("truncate", { ... })
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("user", { signal "truncate" })
