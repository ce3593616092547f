-- expect: 4: process: this is object 65; a scenario has at most 64, holds included
-- SPDX-License-Identifier: MIT
for i = 1, 65 do
	process()
end
