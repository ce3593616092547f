-- expect: 7: no task 'unbind' is started before; write start("unbind", operation)
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { pmem:unbind(), wait "unbind" }
