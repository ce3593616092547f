-- expect: 4: process:mmap: 'pages' is 5; the device has 4
-- SPDX-License-Identifier: MIT
local bar = device { type = "p2pdma", pages = 4 }
local map = process():mmap { device = bar, pages = 5 }
thread("app", { map:read(0) })
