-- expect: 3: device: unknown type 'pmem'; the types are 'fsdax' and 'devdax'
-- SPDX-License-Identifier: MIT
local pmem = device { type = "pmem", pages = 4 }
