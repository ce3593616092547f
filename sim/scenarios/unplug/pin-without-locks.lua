-- SPDX-License-Identifier: MIT
-- A page is pinned by the walk without locks alone, and its device is unbound.
--
--   1. app pins page 0; pin_user_pages_fast() need not fall back on the walk with locks
--   2. app unmaps the file and closes it
--   3. app unbinds the device: the pin is met as in pin-on-ext4.lua
--
-- What is shown is step 1: where a walk without locks has nothing of device pages, all that is
-- pinned is pinned by the other one, and nothing else of this catalogue would tell.
-- When the bug is there: use-after-unplug. Were page 0 not had: the removal goes through, and
-- nothing is held.
local pmem = device { type = "fsdax", fs = "ext4", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app", { map:pin(0, { fast = true, write = true }):as "dma", map:munmap(), file:close(),
                pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022-v2"] = hangs "unplug", ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug", ["v6.15"] = hangs "unplug",
         ["v7.2"] = hangs "unplug" }
