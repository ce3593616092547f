-- expect: 3: 'pcall' is Lua's and not for scenarios; they only declare what is there and what is done
-- SPDX-License-Identifier: MIT
pcall(function() while true do end end)
