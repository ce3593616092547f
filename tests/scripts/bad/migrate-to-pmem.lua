-- expect: 5: map:migrate_to: nothing moves to a 'fsdax'; give a device of type 'private' or 'coherent'
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local map  = process():mmap { anon = true, pages = 2 }
thread("app", { map:migrate_to(pmem, 0) })
