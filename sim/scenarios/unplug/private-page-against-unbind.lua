-- SPDX-License-Identifier: MIT
-- A page of device memory that is in use when its driver goes.
--
--   1. app's page 0 was moved to the device: a swap entry that the CPU faults on holds the
--      device page, and the page holds its pgmap since it was allocated
--   2. admin unbinds a driver that evicts nothing first: memunmap_pages() kills the pgmap
--      and waits, for that page
--   3. app reads: the fault moves the page back, the last put frees the device page, and
--      free_zone_device_page() puts the pgmap; the removal goes on
--
-- Alistair Popple, linux-mm, Sep 2022: "Nothing currently takes pgmap->ref when a
-- private/coherent page is mapped. Therefore memunmap_pages() will complete and pgmap
-- destroyed while pgmap pages are still mapped." Fixed in v6.1 by 0dc45ca1ce18;
-- v6.1/private-without-pgmap is as it was before, from v5.18 on.
-- When the bug is back: use-after-unplug. Were nobody to read, the removal would hang.
local gpu = device { type = "private", pages = 2, keeps = true }
local map = process():mmap { anon = true, pages = 1 }

before { map:write(0), map:migrate_to(gpu, 0) }
thread("app",   { map:read(0) })
thread("admin", { gpu:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022"] = holds,
         ["gunthorpe-2022"] = holds, ["popple-2023"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds, ["v6.1/private-without-pgmap"] = violates "use-after-unplug" }
