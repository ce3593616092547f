-- expect: 5: '}' expected (to close '{' at line 3) near 'local'; write it as Lua 5.4 has it
-- SPDX-License-Identifier: MIT
local pmem = device {
	type = "fsdax", pages = 4
local file = 1
