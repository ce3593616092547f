-- SPDX-License-Identifier: MIT
-- Every kernel registers anonymous memory with io_uring, and takes the buffer back.

local app = process()
local map = app:mmap { anon = true, pages = 2 }

kernel { debug_vm = false }

steps {
	map:write(0, 0x11):label "write",
	map:register(0, 2):as "buffer":label "register",
	unregister "buffer":label "unregister",
	app:exit():label "exit",
}
