-- expect: 6: the script takes more than 0.2 seconds of CPU time; do less in it
-- SPDX-License-Identifier: MIT
-- Each of these copies 8 MiB.
local text = "x"
for i = 1, 23 do text = text .. text end
for i = 1, 1000000 do local longer = text .. "y" end
