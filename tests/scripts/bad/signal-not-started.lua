-- expect: 7: no task 'truncate' is started before; write start("truncate", operation)
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { signal "truncate", start("truncate", file:truncate(0)) }
