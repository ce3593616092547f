-- expect: 3: unfinished string near '"fsdax, pages = 4 }'; write it as Lua 5.4 has it
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax, pages = 4 }
