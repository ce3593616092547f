-- expect: 3: 'require' is Lua's and not for scenarios; they only declare what is there and what is done
-- SPDX-License-Identifier: MIT
local posix = require "posix"
