-- SPDX-License-Identifier: MIT
-- An umount gives the dax device up, so that the next mount has it: fs_put_dax().

local pmem = device { type = "fsdax", fs = "xfs", pages = 2 }
local file = pmem:file { pages = 1, fill = 0xa9 }

kernel { debug_vm = false }

steps {
	pmem:umount():label "umount while it is open",
	file:close():label "close",
	pmem:umount():label "umount",
	pmem:mount():label "mount",
	file:open():label "open",
	file:pread(0):label "pread",
}
