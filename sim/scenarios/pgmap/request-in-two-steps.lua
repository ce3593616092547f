-- SPDX-License-Identifier: MIT
-- The first to request a page is not seen to be the first, and the device is not taken.
--
--   1. app moves page 1 to the device: pgmap_request_folios() raises its count from 0 to 1
--   2. admin unbinds: migrate_device_range() raises every count that is not 0 for a moment, page
--      1's to 2
--   3. app looks at the count. It is not 1, so somebody else must have taken the pgmap; nobody has
--   4. app unmaps both pages. The pgmap counts one too few: its last reference goes with page 0,
--      and admin takes the memmap away under page 1
--
-- "fsdax: introduce pgmap_request_folios()", nvdimm, Oct 2022; Jason Gunthorpe: "this looks racy".
-- Two who request the same folio come to the same end. (The other way round, a count of 1 that is
-- the requester's own once another has put his, needs a free page that is held; there is none.)
-- Under v6.1 a page that is handed out after the kill takes no pgmap, and under v7.2 it goes
-- unnoticed, see unplug/allocation-after-kill.lua. Page 0 is held so that it stays, and the removal
-- waits.
-- When the bug is there: use-after-unplug.
local gpu = device { type = "coherent", pages = 2 }
local map = process():mmap { anon = true, pages = 2 }

before { map:write(0), map:migrate_to(gpu, 0), map:get(0):as "page" }
thread("app",   { map:migrate_to(gpu, 1), put_page "page", map:munmap() })
thread("admin", { gpu:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["williams-2022"] = violates "use-after-unplug", ["v6.15"] = violates "use-after-unplug",
         ["v7.2"] = violates "new-after-kill" }
