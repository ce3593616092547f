-- expect: 7: page 1 is outside the hold 'page'; its pages are 0 to 0
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:pin(0):as "page", dma_write("page", 1), unpin "page" })
