-- expect: 7: label: this step has no outcome; label an operation, start or wait
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
steps { checkpoint("01"):label "first" }
