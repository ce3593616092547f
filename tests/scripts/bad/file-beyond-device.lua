-- expect: 4: device:file: 'pages' is 5; the device has 4
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 5 }
