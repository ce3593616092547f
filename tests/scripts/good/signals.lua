-- SPDX-License-Identifier: MIT
-- A signal for a task that is asleep: who sleeps interruptibly comes back, who does not sleeps on.
local pmem  = device { type = "fsdax", pages = 4 }
local file  = pmem:file { pages = 2 }
local other = pmem:file { pages = 1 }
local app   = process()
local map, map_of_other = app:mmap { file = file }, app:mmap { file = other }

steps {
	map:get(0):as "page", map_of_other:get(0):as "page of other",
	map_of_other:munmap(), other:close(),
	start("truncate", file:truncate(0):label "truncate while held"),
	start("unlink", other:unlink():label "unlink while held"),
	signal "truncate":label "signal",
	when("failed", { checkpoint "nobody-there" }),
	signal "unlink",
	wait "truncate":label "truncate after signal",
	wait "unlink":label "unlink after signal",
	signal "truncate":label "signal again",
	put_page "page", put_page "page of other",
	wait "unlink":label "unlink after put",
}
