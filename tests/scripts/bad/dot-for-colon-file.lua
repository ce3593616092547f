-- expect: 4: device:file: it belongs to a device, and this is a table; call it with a colon
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem.file { pages = 2 }
