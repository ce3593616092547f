-- SPDX-License-Identifier: MIT
-- A pmem device goes while a truncate waits for a page of another pmem device.
--
--   1. admin truncates a file of pmem whose page 0 user has pinned, and sleeps until the page is idle
--   2. driver unbinds other: memunmap_pages() takes devmap_managed_key down by one, as
--      memremap_pages() took it up by one; pmem still has its own
--   3. user unpins page 0. Were the key taken down twice, put_page() would pass over the hook, and wake
--      nobody
--
-- Both devices count here, so that the scenario shows a key that is taken down once too often.
-- another-device-goes shows one that is taken down for a device that never took it up (46b1ee38b2ba,
-- v5.10). From v6.15 on there is no key.
-- When the bug is there: lost-wakeup.
local other = device { type = "fsdax", pages = 1 }
local pmem  = device { type = "fsdax", pages = 1 }
local file  = pmem:file { pages = 1 }
local map   = process():mmap { file = file }

before { map:pin(0):as "dma" }
thread("user",   { unpin "dma" })
thread("admin",  { file:truncate(0) })
thread("driver", { other:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
