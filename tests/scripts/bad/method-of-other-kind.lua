-- expect: 7: a pipe has no 'munmap'; there is tee, drain, close
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { pipe():munmap() })
