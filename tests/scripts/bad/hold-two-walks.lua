-- expect: 7: map:get: 'fast' and 'remote' are different walks; choose one
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:get(0, { fast = true, remote = true }) })
