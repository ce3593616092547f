-- SPDX-License-Identifier: MIT
-- A fault asks whether the device is alive, and uses the answer too late.
--
--   1. app faults page 0: dax_direct_access() finds the device alive under SRCU, and
--      leaves the SRCU section with a pfn in hand
--   2. admin unbinds: kill_dax() clears DAXDEV_ALIVE and waits for SRCU readers, of which
--      there are none; memunmap_pages() takes the memmap away
--   3. app's fault sets mapping and index of a struct page that is gone, counts it under
--      the new rules, and maps it
--
-- Dan Williams, nvdimm, Sep and Oct 2022, as the reason to hold SRCU over the insert and to
-- request folios from the pgmap ("fsdax: introduce pgmap_request_folios()"), in which Jason
-- Gunthorpe found the count and the look at it to be two steps. Neither was merged: v6.1
-- requests nothing, and v7.2 requests a folio by counting it.
-- When the bug is there: use-after-unplug, in dax_associate_entry(), or what popple-2023 has in
-- its place. With SRCU held over the insert what is left is the PTE that stale-pte-after-unplug.lua
-- is about; in williams-2022 as posted, which does that, the DAX entry holds the device and the
-- removal hangs.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app",   { map:write(0), map:munmap() })
thread("admin", { pmem:unbind() })

local touched = violates("use-after-unplug", "dax_associate_entry")

expect { ["v6.1"] = touched, ["v6.12"] = touched, ["williams-2022-v2"] = hangs "unplug",
         ["williams-2022"] = hangs "unplug", ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates("use-after-unplug", "dax_associate_entry"),
         ["v6.15"] = touched, ["v7.2"] = touched }
