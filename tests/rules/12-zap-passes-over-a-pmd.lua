-- SPDX-License-Identifier: MIT
-- A PMD is unmapped, and the reference that it held is not put.
--
--   1. app stores to device memory: vmf_insert_folio_pmd() takes a reference to the folio and
--      raises its mapcount
--   2. app unmaps the memory: zap_huge_pmd() takes the VMA for a special one, clears the PMD, and
--      puts nothing
--   3. reference and mapcount stay for ever
--
-- Seen in a driver outside the tree, microsoft/OHCL-Linux-Kernel #141 and #159 (2026): its VMA is
-- VM_MIXEDMAP and not DAX, so vma_is_special_huge() is true of it.
-- When the bug is back: refcount-leak.
geometry { pmd_order = 1 }
local dax  = device { type = "devdax", pages = 2 }
local file = dax:file { pages = 2 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), map:munmap() })

expect { ["v6.15"] = holds, ["v7.2"] = holds }
