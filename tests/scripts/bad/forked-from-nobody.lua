-- expect: 7: process:fork: this process is nobody's child; declare it with process:child()
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { app:fork() })
