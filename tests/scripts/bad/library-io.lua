-- expect: 3: 'io' is Lua's and not for scenarios; they only declare what is there and what is done
-- SPDX-License-Identifier: MIT
io.write("hello")
