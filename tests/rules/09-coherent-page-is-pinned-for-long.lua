-- SPDX-License-Identifier: MIT
-- A page of device memory is pinned for long where it is, and its device cannot be removed.
--
--   1. page 0 of app lies in device-coherent memory
--   2. app pins it for long: such a pin has to move the page to system memory first.
--      check_and_migrate_movable_pages() asks whether the list of isolated folios is empty, and a
--      device-coherent folio never gets on that list
--   3. the list is empty, so all pages count as pinnable, and the pin stays on the device page
--   4. admin unbinds the device, and waits for the pin
--
-- Zhaoyang Huang's 1aaf8c122918 (v6.14) brought it, and David Hildenbrand's 517f496e1e61 (v6.16)
-- reverts it: the count of what was found unpinnable is asked again.
-- When the bug is back: unplug-hangs.
local gpu = device { type = "coherent", pages = 1 }
local map = process():mmap { anon = true, pages = 1 }

before { map:write(0), map:migrate_to(gpu, 0) }
thread("app", { map:pin(0, { longterm = true, write = true }):as "buffer", gpu:unbind() })

expect { ["v6.12"] = holds, ["v7.2"] = holds }
