-- expect: 9: label: the operation is placed already; say it where it is made
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local read = map:read(0)
thread("app", { read })
read:label "touch"
