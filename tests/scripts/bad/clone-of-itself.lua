-- expect: 5: file:clone: a file shares no blocks with itself; give another file
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
thread("app", { file:clone(file) })
