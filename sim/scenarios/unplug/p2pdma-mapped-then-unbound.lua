-- SPDX-License-Identifier: MIT
-- A PCI device is unbound while a process maps its memory.
--
--   1. app has mapped a page of a PCI BAR; the page holds its pgmap, and the map holds the page
--   2. admin unbinds: pci_p2pdma_unmap_mappings() removes the file in sysfs, and kernfs unmaps what was
--      mapped through it, so that memunmap_pages() has nobody to wait for
--   3. app touches the map, and gets a SIGBUS
--
-- Up to 6.1 there is no p2pmem/allocate, and nothing is mapped. A map that is made while the file is
-- being removed escapes: p2pdma-mmap-against-unbind.
-- Were nothing unmapped in step 2: unplug-hangs.
local bar = device { type = "p2pdma", pages = 1 }
local map = process():mmap { device = bar, pages = 1 }

kernel { debug_vm = false }	-- with it v6.15 warns of each page that is mapped
before { map:write(0) }
thread("app",   { map:read(0) })
thread("admin", { bar:unbind() })

expect { ["v6.12"] = holds, ["v6.15"] = holds, ["v7.2"] = holds }
