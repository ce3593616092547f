-- expect: 6: the script takes more than 0.2 seconds of CPU time; do less in it
-- SPDX-License-Identifier: MIT
-- One call sorts half a million keys.
local all = {}
for i = 1, 500000 do all[-i * 7919 % 1000003] = 1 end
for i = 1, 1000 do for key in pairs(all) do end end
