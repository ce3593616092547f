-- SPDX-License-Identifier: MIT
-- The removal of one device turns off the wake-ups of another.
--
--   1. devmap_managed_key counts the devices whose puts have to wake: pmem, not bar
--   2. bar, a device-dax, is unbound: memunmap_pages() takes the key down for a device that never
--      took it up, and the key is 0
--   3. admin truncates a file of pmem, whose page user has pinned, and sleeps on its count
--   4. user unpins the page: with the key at 0 put_page() passes over the hook, and wakes nobody
--
-- Ralph Campbell, reported by Aneesh Kumar K.V as "jump label: negative count!", v5.7 to v5.9:
-- 46b1ee38b2ba (v5.10) has get and put of the key ask the type of the device.
-- When the bug is back: lost-wakeup.
local bar  = device { type = "devdax", pages = 8 }
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { bar:unbind(), map:pin(0):as "dma" }
thread("user",  { unpin "dma" })
thread("admin", { file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds }
