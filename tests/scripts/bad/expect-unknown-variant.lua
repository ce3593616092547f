-- expect: 8: expect: unknown rule set 'v6.15/xas-pose'; did you mean 'v6.15/xas-pause'?
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:write(0) })
expect { ["v6.15/xas-pose"] = holds }
