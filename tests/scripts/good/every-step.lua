-- SPDX-License-Identifier: MIT
-- Every step, and labels where there is an outcome to label.
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 4 }
local map  = process():mmap { file = file }

before { map:write(0) }
kernel { debug_vm = false }
steps {
	watch(file, { 0, 1, 3 }),
	checkpoint "01-mapped",
	map:get(0):as "page":label "get page 0",
	start("truncate", file:truncate(0):label "truncate while held"),
	when("blocked", {
		put_page "page",
		wait("truncate"):label "truncate after put",
	}, {
		checkpoint "02-not-blocked",
		put_page "page",
	}),
	file:open():label "open",
	unless("failed", {
		start("close", file:close()):label "close",
		when("blocked", { wait "close" }),
	}),
	unwatch(),
	checkpoint "03-nothing-watched",
}
