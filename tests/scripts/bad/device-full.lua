-- expect: 7: device:file: the device has 2 pages left for it; give fewer, or create it with later = true
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local more = pmem:file { pages = 3 }
