-- expect: 3: 'coroutine' is Lua's and not for scenarios; they only declare what is there and what is done
-- SPDX-License-Identifier: MIT
coroutine.wrap(function() end)()
