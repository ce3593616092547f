-- SPDX-License-Identifier: MIT
-- A fault by PTE takes the mapping from all pages of a PMD, and gives it back to one.
--
--   1. a PMD of the file is mapped: its entry stands for pages 0 and 1, whose mapping and index
--      name the file
--   2. small faults page 1 by a PTE: the PMD's entry stays, as it covers the page
--   3. dax_insert_entry() takes the pages away from the entry all the same, as the new entry is
--      smaller, and gives page 1 alone to the file
--   4. the entry names page 0, and page 0 names no file: memory_failure() would find nobody to kill
--
-- Jan Kara, v5.1: 1571c029a2ff (v5.2) changes mapping and index only where the entry changes.
-- When the bug is back: bad-mapping.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local huge  = process():mmap { file = file }
local small = process():mmap { file = file, shift = 1 }

thread("app", { huge:write(0), small:write(1) })

expect { ["v6.1"] = holds, ["v7.2"] = holds }
