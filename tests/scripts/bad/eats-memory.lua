-- expect: 5: the script eats too much memory; keep less of it
-- SPDX-License-Identifier: MIT
local text = "x"
while true do
	text = text .. text
end
