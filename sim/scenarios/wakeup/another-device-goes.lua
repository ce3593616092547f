-- SPDX-License-Identifier: MIT
-- A device goes while a truncate waits for a page of another.
--
--   1. user has page 0 pinned, a page of pmem; admin truncates the file, and sleeps until the page
--      is idle
--   2. driver unbinds bar, a device-dax, whose pages wake nobody
--   3. user unpins page 0. Up to v6.14 the wake-up lies behind a static key, devmap_managed_key,
--      which counts the devices that need it: pmem still does, and so the key must not be 0
--
-- Ralph Campbell, reported by Aneesh Kumar K.V as "jump label: negative count!", v5.7 to v5.9: the
-- removal of every device took the key down, and only some took it up. 46b1ee38b2ba (v5.10) asks
-- the type of the device on both sides. From v6.15 on there is no key.
-- When the bug is back: lost-wakeup.
geometry { pmd_order = 1 }
local bar  = device { type = "devdax", pages = 2 }
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:pin(0):as "dma" }
thread("user",   { unpin "dma" })
thread("admin",  { file:truncate(0) })
thread("driver", { bar:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
