-- SPDX-License-Identifier: MIT
-- A page of a file is pinned for as long as its user likes, and truncate would wait for that.
--
--   1. app pins page 0 with FOLL_LONGTERM, as RDMA does: pin_user_pages_fast() tries it without
--      locks first, where no VMA is looked at, and the PTE does not say of which type the page is
--   2. app truncates the file: were the page had, it would wait for a pin that lasts as long as app
--
-- Under the lock check_vma_flags() refuses a file that is DAX. Without, 6.1 and 6.12 turn away from
-- every PTE that is devmap, device-dax included, "Fix the DAX-gup mistake" does the same, and 7.2
-- asks folio_is_longterm_pinnable() of a page that it holds. A pin for long of device-dax memory
-- is had: unplug/device-dax-against-unbind.lua.
-- When the bug is back: deadlock, of app with itself.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0) }
thread("app", { map:pin(0, { longterm = true }):as "dma", file:truncate(0), unpin "dma" })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
