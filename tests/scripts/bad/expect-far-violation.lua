-- expect: 8: violates: unknown violation 'oops'; there is use-after-unplug, use-after-truncate, dirty-lost, private-lost, kernel-bug, refcount-underflow, zero-ref-mapped, lost-wakeup, unplug-hangs, deadlock, bad-split, bad-share, livelock, refcount-leak, new-after-kill, bad-mapping, kernel-warning
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
thread("app", { map:read(0) })
expect { ["v6.1"] = violates "oops" }
