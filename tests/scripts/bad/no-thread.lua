-- expect: 6: there is no thread and no steps; end with thread("name", { ... }) or steps { ... }
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
