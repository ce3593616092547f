-- SPDX-License-Identifier: MIT
-- A file system that breaks no layouts, and a truncate that expects them broken.
--
--   1. app has stored to page 0: the file has a DAX entry
--   2. admin truncates the file: ext2_setsize() breaks no layout, so the entry is still there when
--      truncate comes upon it
--
-- From 6.15 on "we shouldn't find any here": truncate_folio_batch_exceptionals() warns of each.
-- "Fix the DAX-gup mistake" warns of one that no scan has zapped. Nobody holds the page: with a
-- pin it is ext2-under-pin.lua. The ext2 of 7.2 has no DAX: there it is what that kernel's rules
-- would make of it.
-- When the bug is there: kernel-warning.
local pmem = device { type = "fsdax", fs = "ext2", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app",   { map:read(0) })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "kernel-warning",
         ["williams-2022"] = violates "kernel-warning", ["gunthorpe-2022"] = holds,
         ["v6.15"] = violates "kernel-warning", ["v7.2"] = violates "kernel-warning" }
