-- expect: 7: the script takes more than 0.2 seconds of CPU time; do less in it
-- SPDX-License-Identifier: MIT
-- The first step of each walk passes over all slots of a table that was emptied.
local all = {}
for i = 1, 600000 do all[i] = 1 end
for i = 1, 600000 do all[i] = nil end
for i = 1, 400000 do for key in pairs(all) do end end
