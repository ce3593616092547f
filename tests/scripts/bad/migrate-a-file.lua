-- expect: 6: map:migrate_to: the map is no anonymous memory; map it with { anon = true }
-- SPDX-License-Identifier: MIT
local pmem, gpu = device { type = "fsdax", pages = 4 }, device { type = "private", pages = 4 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }
thread("app", { map:migrate_to(gpu, 0) })
