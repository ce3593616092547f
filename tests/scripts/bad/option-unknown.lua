-- expect: 3: device: unknown option 'page'; did you mean 'pages'?
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", page = 4 }
