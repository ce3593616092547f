-- expect: 7: when: unknown outcome 'done'; give "blocked" or "failed"
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { map:read(0), when("done", { map:read(1) }) }
