-- expect: 3: device: unknown type 'pmem'; the types are 'fsdax', 'devdax', 'private', 'coherent' and 'p2pdma'
-- SPDX-License-Identifier: MIT
local pmem = device { type = "pmem", pages = 4 }
