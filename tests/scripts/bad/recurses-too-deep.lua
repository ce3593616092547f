-- expect: 4: the script eats too much memory; keep less of it
-- SPDX-License-Identifier: MIT
local function deeper()
	return 1 + deeper()
end
deeper()
