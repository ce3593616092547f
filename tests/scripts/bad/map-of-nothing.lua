-- expect: 3: process:mmap: what is mapped is missing; give one of { file = ... }, { device = ... } and { anon = true }
-- SPDX-License-Identifier: MIT
local map = process():mmap { pages = 2 }
thread("app", { map:read(0) })
