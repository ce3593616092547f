-- SPDX-License-Identifier: MIT
-- The walk without locks alone asks for a page that two files share.
--
--   1. second is a clone of first, both are mapped, and both have been read
--   2. app takes page 0 without locks. From 6.15 on a shared folio has no mapping, and
--      gup_fast_folio_allowed() leaves to the slow walk what has none: app gets nothing. In 6.12 the
--      mapping is PAGE_MAPPING_DAX_SHARED, and app gets the page
--   3. app unmaps and truncates both files. v6.12 takes a mapping without VMAs for idle, and frees
--      the block under the page that app holds (truncate-after-munmap.lua)
--
-- Were the page had in 6.15: the truncate would wait for the very thread that it is of.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = first }
local other  = process():mmap { file = second }

thread("app", { second:clone(first), map:read(0), other:read(0),
                map:get(0, { fast = true }):as "page", map:munmap(), other:munmap(),
                first:truncate(0), second:truncate(0) })

expect { ["v6.12"] = violates "use-after-truncate", ["v6.15"] = holds, ["v7.2"] = holds }
