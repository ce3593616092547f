-- expect: 5: the script eats too much memory; keep less of it
-- SPDX-License-Identifier: MIT
local all = {}
while true do
	all = { all, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {} }
end
