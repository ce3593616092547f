-- expect: 3: unknown word 'divice'; did you mean 'device'?
-- SPDX-License-Identifier: MIT
local pmem = divice { type = "fsdax", pages = 4 }
