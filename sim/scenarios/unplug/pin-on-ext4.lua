-- SPDX-License-Identifier: MIT
-- A device is unbound while one of its pages is pinned, whose file nobody uses any more.
--
--   1. app pins page 0 for a DMA, unmaps the file and closes it
--   2. admin unbinds the device: the dying disk has ext4 evict the inodes that nobody holds
--   3. the DMA goes on
--
-- v6.1 evicts without a look at the pages, and memunmap_pages() waits for no page. From 6.15 on
-- ext4_evict_inode() begins with dax_break_layout_final(), which waits for the pin: as recorded
-- of 7.2, the unbind is asleep there, and memory that a device writes to stays. It was meant to
-- keep the block, and keeps the memmap. On xfs it does not: pin-on-xfs.
-- When the bug is there: use-after-unplug.
local pmem = device { type = "fsdax", fs = "ext4", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0, { write = true }):as "dma", map:munmap(), file:close() }
thread("device", { dma_write "dma" })
thread("admin",  { pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug",
         ["v6.15"] = hangs "unplug", ["v7.2"] = hangs "unplug" }
