-- expect: 4: unexpected symbol near <eof>; write it as Lua 5.4 has it
-- SPDX-License-Identifier: MIT
local pmem =
