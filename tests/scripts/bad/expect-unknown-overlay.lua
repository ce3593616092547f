-- expect: 8: expect: unknown rule set 'v6.1+arbitrary'; there is v6.1, v6.12, williams-2022-v2, williams-2022, gunthorpe-2022, popple-2023, v6.15, v7.2
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:write(0) })
expect { ["v6.1+arbitrary"] = holds }
