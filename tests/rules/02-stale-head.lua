-- SPDX-License-Identifier: MIT
-- GUP-fast takes the head that a page had before its folio came apart.
--
--   1. user reads the PTE of page 1 and looks up its folio: the head is page 0
--   2. admin truncates the file: the entry goes, and page 1 is a folio of order 0
--   3. admin writes the file anew and maps both pages by PTEs: page 0 counts again
--   4. user takes a reference to page 0, and finds the PTE of page 1 as it was
--   5. user puts page 1, whose reference it never took
--
-- Jann Horn, mm/gup.c before v5.14: c24d37322548 looks up the head again once it is held.
-- When the bug is back: refcount-underflow.
kernel { tlb_broadcast = true }
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local huge = process():mmap { file = file }
local map  = process():mmap { file = file, shift = 1 }

before { huge:write(0), map:read(1), huge:munmap() }
thread("user",  { map:get(1, { fast = true }):as "page", put_page "page" })
thread("admin", { file:truncate(0), file:pwrite(0), file:pwrite(1), map:read(0), map:read(1) })

expect { ["v6.15"] = holds, ["v7.2"] = holds }
