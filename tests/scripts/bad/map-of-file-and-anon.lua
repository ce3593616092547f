-- expect: 5: process:mmap: what is mapped is two things; give one of { file = ... }, { device = ... } and { anon = true }
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file, anon = true }
thread("app", { map:read(0) })
