-- expect: 6: file:truncate: a 'devdax' has no file system; do it under a device of type 'fsdax'
-- SPDX-License-Identifier: MIT
local dax  = device { type = "devdax", pages = 8 }
local file = dax:file { pages = 8 }
local map  = process():mmap { file = file }
thread("app", { map:write(0), file:truncate(0) })
