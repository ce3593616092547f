-- expect: 6: the script takes more than 0.2 seconds of CPU time; do less in it
-- SPDX-License-Identifier: MIT
-- tonumber() with a base reads each of 8 MiB of digits.
local text = "1"
for i = 1, 23 do text = text .. text end
for i = 1, 1000000 do local number = tonumber(text, 10) end
