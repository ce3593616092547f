-- expect: 8: expect: unknown rule set 'linux/next-20260101'; there is v6.1, v6.12, williams-2022-v2, williams-2022, gunthorpe-2022, popple-2023, v6.15, v7.2, v6.1/gup-puts-folios, v6.1/private-without-pgmap, v6.1/removal-waits-for-nobody, v6.1/fault-holds-nothing, v6.1/huge-walk-keeps-pgmap, v6.12/waits-on-page, williams-2022/leaves-srcu-early, williams-2022/release-puts-pgmap, ...
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
expect { ["linux/next-20260101"] = holds }
