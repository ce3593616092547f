-- SPDX-License-Identifier: MIT
-- Threads and operations made in loops and functions.
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local words = { "even", "odd" }

local function touch(map, pages)
	local list = {}
	for page = 0, pages - 1 do
		list[#list + 1] = map:write(page, tonumber("17"))
	end
	return list
end

for i, word in ipairs(words) do
	local map = process():mmap { file = file }

	assert(type(word) == "string" and tostring(i) == string.format("%d", i))
	thread(word .. " " .. i, touch(map, i))
end

for rules, verdict in pairs { ["v7.2"] = holds } do
	expect { [rules] = verdict }
end
