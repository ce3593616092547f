-- expect: 3: device: an option has no name; write { name = value }
-- SPDX-License-Identifier: MIT
local pmem = device { "fsdax", 4 }
