-- SPDX-License-Identifier: MIT
-- A write() gives the file a block of its own in place of one that it shares, and a pin of the new page holds up
-- a truncate. Were the entry of the shared page left, the truncate would look at that page and not at the
-- pinned one. v6.1 leaves it (share/write-leaves-mapping).
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = first }

before { second:clone(first), map:read(0), map:dontneed(), first:pwrite(0, 7) }
thread("app",   { map:pin(0):as "dma", dma_read "dma", unpin "dma" })
thread("admin", { first:truncate(0) })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "zero-ref-mapped",
         ["williams-2022"] = violates "zero-ref-mapped",
         ["gunthorpe-2022"] = violates "use-after-truncate", ["v6.15"] = holds,
         ["v7.2"] = holds }
