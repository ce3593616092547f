-- expect: 4: process:mmap: a 'private' is not mapped as it is; give a device of type 'p2pdma'
-- SPDX-License-Identifier: MIT
local gpu = device { type = "private", pages = 4 }
local map = process():mmap { device = gpu, pages = 2 }
thread("app", { map:read(0) })
