-- SPDX-License-Identifier: MIT
-- A page that files share is taken for an anonymous one.
--
--   1. second is a clone of first
--   2. app reads page 0 of first, and of second: the page is shared, and its mapping 0x1
--   3. the PMD is set: __folio_add_file_rmap() finds PageAnon, which is that same bit,
--      and warns
--
-- Up to 6.14 no PTE of a file says that it maps a page, and nobody asks. Once the PTEs are normal
-- the rmap and the zap do: "all sorts of issues in at least the unmap paths" (Alistair Popple,
-- nvdimm, on v9 08/20). So a shared page has no mapping from there on, and counts in share;
-- v6.15/shared-looks-anon is the series without that patch. v6.1 and those that stand on it are
-- told nothing of sharing on reads, see share/two-first-faults.lua.
-- When the bug is back: kernel-warning.
geometry { pmd_order = 1 }
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 2, fill = 0xa1 }
local second = pmem:file { pages = 2 }
local one    = process():mmap { file = first }
local two    = process():mmap { file = second }

before { second:clone(first) }
thread("app", { one:read(0), two:read(0), one:munmap(), two:munmap() })

expect { ["v6.1"] = violates "bad-share", ["v6.12"] = holds,
         ["williams-2022"] = violates "bad-share", ["gunthorpe-2022"] = violates "bad-share",
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds, ["v7.2"] = holds,
         ["v6.15/shared-looks-anon"] = violates "kernel-warning" }
