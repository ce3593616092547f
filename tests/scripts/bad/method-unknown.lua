-- expect: 7: a device has no 'unbound'; did you mean 'unbind'?
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("admin", { pmem:unbound() })
