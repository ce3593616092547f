-- expect: 6: the script takes more than 0.2 seconds of CPU time; do less in it
-- SPDX-License-Identifier: MIT
-- %q quotes each byte of 4 MiB.
local text = "x"
for i = 1, 22 do text = text .. text end
for i = 1, 1000000 do local quoted = string.format("%q", text) end
