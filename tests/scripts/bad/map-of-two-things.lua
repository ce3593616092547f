-- expect: 4: process:mmap: what is mapped is two things; give one of { file = ... }, { device = ... } and { anon = true }
-- SPDX-License-Identifier: MIT
local bar = device { type = "p2pdma", pages = 4 }
local map = process():mmap { device = bar, anon = true, pages = 2 }
thread("app", { map:read(0) })
