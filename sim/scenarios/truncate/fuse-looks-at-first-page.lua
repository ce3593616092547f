-- SPDX-License-Identifier: MIT
-- A truncate of virtiofs breaks the layout of the first page alone.
--
--   1. app pins page 1 for a DMA
--   2. admin truncates the file: fuse_do_setattr() calls fuse_dax_break_layouts(inode, 0, 0), which
--      says that an end of 0 is the whole file; dax_layout_busy_page_range() unmaps and looks at
--      page 0
--   3. the host is told, and takes the blocks away
--   4. the DMA writes into what the host may have given to another file by then
--
-- Found by reading, as Dan Williams says of it (nvdimm, January 2025): it was so from the first DAX
-- of fuse on (6ae330cad6ef, v5.10), and would look like random corruption. "fuse: Fix dax truncate/
-- punch_hole fault path" (v6.15) has the callers say -1; it went back to stable kernels, 6.1.192
-- has it, while v6.1 and v6.12 are what was released. Of page 0 it would have waited.
-- When the bug is back: use-after-truncate.
local pmem = device { type = "fsdax", fs = "fuse", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:pin(1, { write = true }):as "dma" }
thread("admin",  { file:truncate(0) })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022-v2"] = violates "use-after-truncate",
         ["williams-2022"] = violates "use-after-truncate",
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["v6.15"] = holds, ["v7.2"] = holds }
