-- expect: 3: device: its options are a string; give a table, { type = ... }
-- SPDX-License-Identifier: MIT
local pmem = device "fsdax"
