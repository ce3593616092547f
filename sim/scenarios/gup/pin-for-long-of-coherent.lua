-- SPDX-License-Identifier: MIT
-- Memory of a device is pinned for long, and the device cannot take it back.
--
--   1. app has a page in coherent memory of the gpu, and pins it for long
--   2. check_and_migrate_movable_pages() is to move it out first: such a pin may last for ever
--   3. app unbinds the gpu, which waits for the page
--
-- 1aaf8c122918 (v6.14) asked the list of pages to be moved whether there are any. A page of a device
-- is never put on it, as it is on no LRU: it is moved by another way. So it stays where it is,
-- pinned, under 6.15. 517f496e1e61 (v6.16) counts the pages again. Read in the two commits.
-- What it shows: unplug-hangs, a removal that waits for a pin.
local gpu = device { type = "coherent", pages = 1 }
local map = process():mmap { anon = true, pages = 1 }

before { map:write(0), map:migrate_to(gpu, 0) }
thread("app", { map:pin(0, { longterm = true, write = true }):as "buffer", gpu:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = holds, ["v6.15"] = hangs "unplug", ["v7.2"] = holds }
