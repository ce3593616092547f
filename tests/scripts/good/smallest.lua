-- SPDX-License-Identifier: MIT
local map = process():mmap { file = device { type = "fsdax", pages = 1 }:file { pages = 1 } }
thread("app", { map:read(0) })
