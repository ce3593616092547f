-- SPDX-License-Identifier: MIT
-- A device that is mapped as it is goes from under a pin for long.
--
--   1. app has mapped device-dax memory, and pinned a page of it for long, as RDMA does: of
--      device-dax FOLL_LONGTERM may be had
--   2. admin unbinds: kill_dev_dax() marks the device dead and unmaps what is mapped;
--      memunmap_pages() waits for the count of the pgmap, in which the pin has no part
--   3. the DMA goes to memory that is gone, and the unpin to a struct page that is gone
--
-- So since v5.18 (27674ef6c73f), as gup-against-unbind tells of files. Of the registered buffer of
-- an io_uring a recorded 6.1 and 7.2 show it. "Fix the DAX-gup mistake" v3 would have broken the
-- layout of the device node before it goes (patch 21); that part of it is not modelled.
-- When the bug is there: use-after-unplug.
geometry { pmd_order = 1 }
local dax  = device { type = "devdax", pages = 2 }
local file = dax:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:write(0), map:pin(0, { write = true, longterm = true }):as "dma" }
thread("app",   { dma_write "dma", unpin "dma" })
thread("admin", { dax:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "use-after-unplug" }
