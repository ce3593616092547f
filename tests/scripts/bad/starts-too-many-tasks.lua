-- expect: 7: more than 7 tasks are started; start fewer
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local started = {}
for i = 1, 20000 do
	started[i] = start("task " .. i, file:fsync())
end
steps(started)
