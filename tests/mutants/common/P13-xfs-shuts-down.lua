-- SPDX-License-Identifier: MIT
-- xfs is told that its device goes, and shuts down: a truncate after that is refused.

local pmem = device { type = "fsdax", fs = "xfs", pages = 4 }
local file = pmem:file { pages = 2, fill = 0xa9 }

kernel { debug_vm = false }

steps {
	file:pread(0):label "pread",
	start("admin", pmem:unbind():label "unbind"),
	checkpoint "unbound",
	file:truncate(0):label "truncate",
}
