-- expect: 8: the script takes more than 0.2 seconds of CPU time; do less in it
-- SPDX-License-Identifier: MIT
-- Two strings of 8 MiB differ in their last byte.
local text = "x"
for i = 1, 23 do text = text .. text end
local left, right = text .. "y", text .. "z"
local nr = 0
for i = 1, 1000000 do if left == right then nr = nr + 1 end end
