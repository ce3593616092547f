-- expect: 3: 'setmetatable' is Lua's and not for scenarios; they only declare what is there and what is done
-- SPDX-License-Identifier: MIT
setmetatable({}, { __gc = function() end })
