-- SPDX-License-Identifier: MIT
-- A truncate deletes the entry of a hole as if it named a page.
--
--   1. app reads a hole that a PMD can map: the entry stands for the huge zero page
--   2. app truncates the file: the entry goes, and dax_disassociate_entry() puts its folio
--
-- The huge zero page belongs to everyone and always counts, so dax_folio_put() warns of a folio
-- that goes and is held, once it has taken it apart. The kernel's test robot saw the warning in
-- v6.15-rc1: v6.15/puts-zero-page. 98c183a4fccf asks dax_is_zero_entry() first. (What 6.15 went on
-- doing is to compute the folio's address before it asks; 7.2 asks first.)
-- When the bug is back: kernel-warning.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 4 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { file:punch(0, 2) }
thread("app", { map:read(0), file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["popple-2023"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds,
         ["v6.15/puts-zero-page"] = violates "kernel-warning" }
