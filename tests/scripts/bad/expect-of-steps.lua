-- expect: 8: steps are not explored, so nothing can be expected; write threads, or leave expect out
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { map:read(0) }
expect { ["v6.1"] = holds }
