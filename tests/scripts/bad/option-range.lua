-- expect: 3: device: 'pages' is 0; give a number from 1 to 65536
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 0 }
