-- expect: 8: expect: unknown rule set 'v6.2'; did you mean 'v6.1'?
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
expect { ["v6.2"] = holds }
