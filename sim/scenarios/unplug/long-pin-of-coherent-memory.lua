-- SPDX-License-Identifier: MIT
-- Memory of a device is pinned for long, and the device is removed.
--
--   1. page 0 of app lies in device-coherent memory
--   2. app pins it for long. Such a pin may not keep memory of a device, so GUP moves the page to
--      system memory first, and pins that
--   3. app unbinds the device, which has no page in use any more
--   4. where the page stayed in step 2, the removal waits for a pin that nobody gives back
--
-- check_and_migrate_movable_pages() has to know whether it found a page that may not stay. Zhaoyang
-- Huang's 1aaf8c122918 (v6.14), against an endless loop, has it ask whether it could isolate any,
-- and a device-coherent page is never isolated. David Hildenbrand's 517f496e1e61 (v6.16) reverts
-- that. So v6.15 has the bug. v6.1 and v6.12 stand here as stable kernels have them now, and those
-- took both commits.
-- When the bug is there: unplug-hangs.
local gpu = device { type = "coherent", pages = 1 }
local map = process():mmap { anon = true, pages = 1 }

before { map:write(0), map:migrate_to(gpu, 0) }
thread("app", { map:pin(0, { longterm = true, write = true }):as "buffer", gpu:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["popple-2023"] = holds,
         ["v6.15"] = hangs "unplug", ["v7.2"] = holds }
