-- SPDX-License-Identifier: MIT
-- Four threads, declared in the order in which pairs() goes through a table.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }

local does = {
	writer   = { map:read(0) },
	reader   = { map:get(0):as "page", put_page "page" },
	zapper   = { map:dontneed() },
	truncate = { file:truncate(0) },
}
for name, operations in pairs(does) do thread(name, operations) end
