-- expect: 6: 'page' is registered, not pinned; write unregister
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }
thread("app", { map:register(0):as "page", unpin "page" })
