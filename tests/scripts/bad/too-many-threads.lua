-- expect: 8: thread: this is thread 9; a scenario has at most 8
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
for i = 1, 9 do
	thread("reader " .. i, { map:read(0) })
end
