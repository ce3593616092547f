-- expect: 8: process:mmap: its file is made later; map it with later = true
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local app  = process()
local map  = app:mmap { file = file }
local other = pmem:file { pages = 1, later = true }
local wrong = app:mmap { file = other }
