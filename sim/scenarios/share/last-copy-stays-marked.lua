-- SPDX-License-Identifier: MIT
-- The copy of a shared block goes, and its page is left marked as shared.
--
--   1. second is a clone of first
--   2. app writes to page 0 of first: the fault makes a copy, whose page is told that it is
--      shared, and by one: mapping 0x1, index 1
--   3. app truncates first: the copy's entry goes, and dax_disassociate_entry() asks
--      page->index-- > 0. It was 1, so the page counts as shared still: mapping 0x1, index 0
--   4. whoever faults the page next would find a mapping there: WARN_ON_ONCE
--
-- fs/dax.c of 6.1 counts down after it has looked. "fsdax: introduce page->share for fsdax in
-- reflink mode" (6.2) looks after it has counted down, so v6.12 holds. williams-2022, which has the
-- same code, does not come so far: see share/copy-without-request.lua.
-- When the bug is back: bad-share, a page that is shared by no file.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = first }

before { second:clone(first) }
thread("app", { map:write(0), first:truncate(0), first:pwrite(0), map:read(0) })

expect { ["v6.1"] = violates "bad-share", ["v6.12"] = holds,
         ["williams-2022"] = violates "zero-ref-mapped", ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = holds, ["v7.2"] = holds }
