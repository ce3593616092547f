-- SPDX-License-Identifier: MIT
-- A fault by PTE finds the entry of a PMD, and leaves it as it is.
--
--   1. huge stores through a PMD: one entry stands for pages 0 and 1, and mapping and index of both
--      pages, or of their folio, name the file
--   2. small reads page 1 by a PTE, and then page 0. The entry covers them already: it stays, and
--      so must mapping and index
--   3. where small takes the pages away from the old entry and gives one page to a new one, the
--      entry names a page that names no file
--
-- Jan Kara, v5.1: 1571c029a2ff (v5.2) changes mapping and index only where dax_insert_entry()
-- stores another entry. memory_failure() finds by them whom to kill, and would have found nobody.
-- Alistair Popple's RFC stops at its first PMD.
-- When the bug is back: bad-mapping. Where a PMD makes a folio, the folio comes apart under its PMD
-- as well: zero-ref-mapped.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local huge  = process():mmap { file = file }
local small = process():mmap { file = file, shift = 1 }

thread("huge",  { huge:write(0) })
thread("small", { small:read(1), small:read(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds, ["v7.2"] = holds }
