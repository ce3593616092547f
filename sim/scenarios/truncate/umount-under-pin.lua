-- SPDX-License-Identifier: MIT
-- A file system is unmounted while a page of it is pinned.
--
--   1. app has pinned page 0 for a DMA; it unmaps and closes the file, and nothing holds the inode
--   2. admin unmounts: no file is open, so the inodes are evicted, and that of the page with
--      them, whose entry is deleted under the pin
--   3. the DMA goes on, into a file system that is mounted no more
--
-- Jan Kara and Dave Chinner, nvdimm and linux-xfs, Sep 2022: the file system "could be unmounted at
-- this point". d2c997c0f145 made dax_disassociate_entry() warn of it. 0e2f80afcfa6 (v6.15) has
-- the eviction wait, as both postings of "Fix the DAX-gup mistake" do. With Chinner's arbiter there
-- is no waiting: the pin holds the inode, and umount is -EBUSY as long as that lasts.
-- When the bug is back: kernel-warning.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0), map:pin(0):as "dma" }
thread("app",    { map:munmap(), file:close() })
thread("admin",  { pmem:umount() })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = violates "kernel-warning", ["v6.1+arbiter"] = holds,
         ["v6.12"] = violates "kernel-warning",
         ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds,
         ["gunthorpe-2022"] = violates "kernel-warning",
         ["v6.15"] = holds, ["v7.2"] = holds, ["v7.2+arbiter"] = holds }
