-- SPDX-License-Identifier: MIT
-- A map that is made while it should be torn down.
--
--   1. app maps a page of a PCI BAR: p2pmem_alloc_mmap() inserts it, with a reference to the
--      pgmap, and the file in sysfs is left; the VMA is not among the file's mappings yet
--   2. admin unbinds: the file is removed, nobody is in it any more, and
--      unmap_mapping_range() finds no VMA to unmap
--   3. app's mmap() adds the VMA to the file's mappings
--   4. memunmap_pages() waits for the page, as long as app keeps it
--
-- Found in the text of 6.12 and 7.2: mmap_region() calls the driver before it links the
-- VMA, and kernfs holds the file active for the call alone. v6.1 has no such map.
-- When the bug is there: unplug-hangs, and no memory is touched that is gone.
local bar = device { type = "p2pdma", pages = 1 }
local map = process():mmap { device = bar, pages = 1, later = true }

kernel { debug_vm = false }	-- with it v6.15 warns of each page that is mapped
thread("app",   { map:mmap(), map:read(0) })
thread("admin", { bar:unbind() })

expect { ["v6.12"] = hangs "unplug", ["v6.15"] = hangs "unplug", ["v7.2"] = hangs "unplug" }
