-- expect: 3: device: unknown type 'devdax'; the type is 'fsdax'
-- SPDX-License-Identifier: MIT
local pmem = device { type = "devdax", pages = 4 }
