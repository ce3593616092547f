-- SPDX-License-Identifier: MIT
-- A file of xfs is unlinked while a page of it is pinned. xfs_fs_evict_inode() waits for the pin from 6.15 on;
-- before that the block goes to another file.
local pmem  = device { type = "fsdax", fs = "xfs", pages = 1 }
local file  = pmem:file { pages = 1 }
local other = pmem:file { pages = 1, later = true }
local map   = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma", map:munmap(), file:close() }
thread("admin",  { file:unlink(), other:create() })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate",
         ["v6.12"] = violates "use-after-truncate", ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = violates "use-after-truncate",
         ["v6.15"] = holds, ["v7.2"] = holds }
