-- expect: 4: the script does not end; make its loops shorter
-- SPDX-License-Identifier: MIT
local function again()
	return again()
end
again()
