-- expect: 7: as: nothing is held here; name what map:get, map:pin or map:register holds
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0):as "page" })
