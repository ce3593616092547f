-- SPDX-License-Identifier: MIT
-- Three files share a block, all are mapped, and one is truncated.
--
--   1. app clones first twice, and reads all three: one page, and three entries that name it
--   2. app truncates first: its entry goes, and the page is shared by two from there on
--
-- v6.12 and later are told of a shared extent by every fault, and count to three and down to two.
-- v6.1 tells the copies of writes alone: the second entry finds the mapping of the first there.
-- When the bug is back: bad-share, and the file that is left without its count frees the page of
-- another.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 4 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local third  = pmem:file { pages = 1 }
local map    = process():mmap { file = first }
local other  = process():mmap { file = second }
local last   = process():mmap { file = third }

thread("app", { second:clone(first), third:clone(first), map:read(0), other:read(0), last:read(0),
                first:truncate(0) })

expect { ["v6.1"] = violates "bad-share", ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "bad-share", ["williams-2022"] = violates "bad-share",
         ["gunthorpe-2022"] = violates "bad-share", ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = holds, ["v7.2"] = holds }
