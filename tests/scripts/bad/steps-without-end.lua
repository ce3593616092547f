-- expect: 13: steps: the list holds more than 16777216 steps; a list of a list counts as all that it holds
-- SPDX-License-Identifier: MIT
-- Counted in 32 bits the steps are one: a list that wraps must not be taken for a short one.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local sync = file:fsync()
local twice, many = sync, {}
for i = 1, 15 do twice = when("blocked", { twice, twice }) end	-- 2^16 - 1 steps
for i = 1, 65537 do many[i] = twice end				-- 2^32 - 1
many[65538] = sync
many[65539] = sync

steps(many)
