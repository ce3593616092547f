-- expect: 9: expect: it is said a second time; put everything into one
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
expect { ["v6.1"] = holds }
expect { ["v7.2"] = holds }
