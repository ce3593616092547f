-- expect: 7: map:vmsplice: where to is a file; give a pipe
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:vmsplice(file, 0) })
