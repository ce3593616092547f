-- SPDX-License-Identifier: MIT
-- Pages behind a PMD are pinned by the walk without locks alone, and their device is unbound.
--
--   1. app asks for both pages of a PMD. 6.15 marks the PMD of a device page as special, and
--      GUP-fast turns away from it: app has nothing. 7.2 does not, and app has them
--   2. app unmaps the file and closes it
--   3. app unbinds the device: the pin is met as in pin-on-ext4.lua
--
-- As pin-without-locks.lua, of a PMD.
-- When the bug is there: use-after-unplug. Where the pages are not had: the removal goes through,
-- and nothing is held.
geometry { pmd_order = 1 }
local pmem = device { type = "fsdax", fs = "ext4", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app", { map:pin(0, { pages = 2, fast = true, write = true }):as "dma", map:munmap(),
                file:close(), pmem:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022-v2"] = hangs "unplug", ["williams-2022"] = hangs "unplug",
         ["gunthorpe-2022"] = hangs "unplug", ["v6.15"] = holds,
         ["v7.2"] = hangs "unplug" }
