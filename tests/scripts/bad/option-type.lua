-- expect: 4: device:file: 'later' is a string; give true or false
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2, later = "yes" }
