-- SPDX-License-Identifier: MIT
-- A walk without locks takes both pages behind a PMD while a truncate removes it.
--
--   1. user reads the PMD, takes its pages, and looks at the PMD again
--   2. admin truncates the file: it clears the PMD, and looks at the counts after that
--   3. whoever comes second sees the other, as of a PTE in gup-fast-against-truncate.lua
--
-- No bug. In 6.15, whose PMD is special, the walk finds nothing to take. Shootdowns interrupt
-- here, so that the flush waits for user; where they are broadcast, it is gup/leaf-is-kept.lua.
-- Were the second look left out: use-after-truncate.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("user",  { map:pin(0, { pages = 2, fast = true, write = true }):as "dma",
                  dma_write("dma", 1), unpin "dma" })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
