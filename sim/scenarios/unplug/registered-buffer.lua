-- SPDX-License-Identifier: MIT
-- A buffer of io_uring lies in device-dax memory, and the device is unbound.
--
--   1. app registers page 0 as a buffer, which is pinned for long; of device-dax that may be had
--   2. app unmaps the memory and closes the device node; the ring keeps the pin
--   3. app unbinds the device: memunmap_pages() waits for the count of the pgmap, in which the pin
--      has no part, and the memmap goes from under it
--
-- Recorded of 6.12 and 7.2 (S8c). io_pin_pages() of 6.1 gives back what it has pinned as soon as it
-- sees that it lies in a file. With a pin as RDMA takes it, it is device-dax-against-unbind.lua.
-- When the bug is there: use-after-unplug.
local dax  = device { type = "devdax", pages = 8 }
local file = dax:file { pages = 8 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), map:register(0):as "buffer", map:munmap(), file:close(),
                dax:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = violates "use-after-unplug",
         ["popple-2023"] = violates "use-after-unplug", ["v6.15"] = violates "use-after-unplug",
         ["v7.2"] = violates "use-after-unplug" }
