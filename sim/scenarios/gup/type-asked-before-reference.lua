-- SPDX-License-Identifier: MIT
-- A walk asks what kind of page it has found before it holds it.
--
--   1. user reads the PTE of a page of a PCI BAR without locks; it must not have such a page
--   2. app unmaps the page, and admin removes the device: its memmap goes
--   3. user asks is_pci_p2pdma_page(), which looks at the page's pgmap, and then turns away
--
-- Jason Gunthorpe, nvdimm, Sep 2022: "We shouldn't be looking at any part of the struct page
-- without holding the refcount." try_grab_folio_fast() of 6.12 and 7.2 does. It is no bug as it
-- stands: memunmap_pages() kills the pgmap and so waits out a grace period of RCU, and user, with
-- its interrupts off, is a reader. Shootdowns are broadcast here, so that nothing else keeps them
-- apart. What is told of v6.12 is not user: see unplug/p2pdma-put-against-unbind.lua.
-- Were it one: use-after-unplug.
kernel { tlb_broadcast = true }
local bar = device { type = "p2pdma", pages = 1 }
local map = process():mmap { device = bar, pages = 1 }

before { map:write(0) }
thread("user",  { map:get(0, { fast = true }) })
thread("app",   { map:munmap() })
thread("admin", { bar:unbind() })

expect { ["v6.12"] = violates "use-after-unplug", ["v6.15"] = holds, ["v7.2"] = holds }
