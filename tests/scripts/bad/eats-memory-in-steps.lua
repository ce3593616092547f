-- expect: 9: when: the scenario is too big; make fewer operations
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local steps_of = { map:read(0) }
for i = 1, 40 do
	steps_of = { when("blocked", steps_of, steps_of) }
end
steps(steps_of)
