-- expect: 3: device: 'pages' is missing; give { pages = ... }
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax" }
