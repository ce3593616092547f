-- SPDX-License-Identifier: MIT
-- xfs is told of the removal of its device, and forgets a page that is pinned.
--
--   1. app pins page 0 for a DMA, unmaps the file and closes it
--   2. admin unbinds the device; from 6.12 on xfs goes through its reverse mapping, and
--      invalidate_inode_pages2_range() removes the entry of page 0. 7.2 warns of its count
--   3. the dying disk has the inode evicted: it has no entry, so there is nothing to wait for
--   4. the memmap goes, and the DMA goes on
--
-- On ext4 the eviction of 6.15 finds the entry and waits for the pin, see pin-on-ext4: being told
-- takes from xfs what saves ext4. williams-2022 and gunthorpe-2022 hang where the pin holds the
-- device.
-- When the bug is there: use-after-unplug.
local pmem = device { type = "fsdax", fs = "xfs", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma", map:munmap(), file:close() }
thread("device", { dma_write "dma" })
thread("admin",  { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug" }
