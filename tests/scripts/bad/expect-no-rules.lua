-- expect: 8: expect: a verdict has no rule set; write ["v7.2"] = holds
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
expect { holds }
