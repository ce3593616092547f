-- expect: 8: this does nothing where it stands; put it into before, thread or steps
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
checkpoint "01"
