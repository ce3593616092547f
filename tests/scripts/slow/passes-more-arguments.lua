-- expect: 5: the script takes more than 0.2 seconds of CPU time; do less in it
-- SPDX-License-Identifier: MIT
-- Each call copies all arguments of the one before.
local function again(...)
	return again(1, ...)
end
again()
