-- expect: 3: unfinished string near '"fsdax, pages = 4 }'
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax, pages = 4 }
