-- SPDX-License-Identifier: MIT
-- A PMD's entry stands over pages that are no folio, and the second of them is pinned.
--
--   1. second is a clone of first; of a shared extent the RFC tells no page, and makes no folio
--   2. reader pins page 1 of a private map: the fault is that of a PMD, and puts the entry
--   3. writer writes to page 0, and has a copy of its own: a page table stands where the PMD was to
--      be, and the insert counts as served. Page 0 counts 0
--   4. reader faults page 1 by a PTE, which leaves the entry as it is, and pins it
--   5. writer truncates first: page 0 of the entry is idle, and page 1 is not
--
-- Where the PMD comes before the page table, its split frees page 0, and the RFC has no mapping to
-- ask: kernel-bug. Here and not with the scenarios, as under the others this shows no more than
-- folio/pmd-taken-from-each-other.lua.
-- Were the first page alone looked at: use-after-truncate.
kernel { debug_vm = false }
geometry { pmd_order = 1 }
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local map    = process():mmap { file = first, private = true }

before { second:clone(first) }
thread("reader", { map:pin(1, { remote = true }):as "io" })
thread("writer", { map:write(0), first:truncate(0) })

expect { ["popple-2023"] = violates "kernel-bug" }
