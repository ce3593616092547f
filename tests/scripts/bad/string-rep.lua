-- expect: 3: attempt to call a nil value (field 'rep')
-- SPDX-License-Identifier: MIT
local long = string.rep("x", 1 << 40)
