-- expect: 7: map:pin: pages 0 to 2 are not all in the map; its pages are 0 to 1
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:pin(0, { pages = 3 }) })
