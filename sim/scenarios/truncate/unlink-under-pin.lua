-- SPDX-License-Identifier: MIT
-- A file is unlinked while its page is pinned, and the next file gets the block.
--
--   1. app maps a file and pins page 0 for a DMA, as an O_DIRECT read into it does
--   2. app unmaps and closes the file; the pin holds the page, and nothing the inode
--   3. admin unlinks the file: its last user is gone, and it is evicted
--   4. admin creates another file, which gets the block
--   5. the DMA writes into the other file
--
-- Dave Chinner, nvdimm, Sep 2022: whoever pins must hold the inode, which is the arbiter of
-- the medium. v6.1 evicts without a look at its pages: a pipe that held one read another file's
-- data, as recorded. Fixed by 0e2f80afcfa6 (v6.15), which keeps Chinner's inode out of it: the
-- eviction waits in dax_break_layout_final() until the page is idle, so v7.2 holds. The pin is
-- let go by another thread than the one that evicts, which would wait for itself. With the inode
-- in it, v6.1+arbiter, the eviction cannot begin, and the unlink takes the name alone.
-- When the bug is back: use-after-truncate.
local pmem  = device { type = "fsdax", pages = 1 }
local file  = pmem:file { pages = 1 }
local other = pmem:file { pages = 1, later = true }
local map   = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma" }
thread("app",    { map:munmap(), file:close() })
thread("admin",  { file:unlink(), other:create() })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = violates "use-after-truncate",
         ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds,
         ["v6.1+arbiter"] = holds, ["v7.2+arbiter"] = holds }
