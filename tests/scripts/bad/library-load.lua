-- expect: 3: 'load' is Lua's and not for scenarios; they only declare what is there and what is done
-- SPDX-License-Identifier: MIT
load("device()")()
