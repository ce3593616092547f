-- expect: 4: attempt to index a nil value (local 'pmem')
-- SPDX-License-Identifier: MIT
local pmem
local file = pmem:file { pages = 2 }
