-- expect: 8: pipe:tee: the pipe is the same on both ends; give another pipe
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local held = pipe()
thread("app", { held:tee(held) })
