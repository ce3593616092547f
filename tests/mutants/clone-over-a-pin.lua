-- SPDX-License-Identifier: MIT
-- A clone takes the place of a block that is pinned: it waits for the pin, and only then gives the block back.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = second }

before { map:pin(0, { write = true }):as "dma" }
thread("admin",  { second:clone(first) })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
