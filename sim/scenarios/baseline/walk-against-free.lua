-- SPDX-License-Identifier: MIT
-- A walk without locks comes to a device page that is free by then.
--
--   1. user reads the PTE of page 0, which was moved to memory of a device that the CPU reaches
--   2. admin unmaps it. Where the flush is broadcast in hardware nobody waits for user: the page
--      counts 0, and the driver has it back
--   3. user is refused: try_grab_folio() raises no count of 0
--   4. admin unbinds the device, which waits until each page that was handed out is free
--
-- No bug. Such pages count 0 when they are free under every rule set, also those under which a
-- free page of a file counts 1, and gup/walk-into-the-next-file.lua shows nothing.
-- v7.2/takes-at-zero raises a count of 0: putting it frees the page once more, and with it goes
-- a reference to the pgmap that nobody took.
-- When the bug is back: kernel-bug.
kernel { tlb_broadcast = true }
local gpu = device { type = "coherent", pages = 1 }
local map = process():mmap { anon = true, pages = 1 }

before { map:write(0), map:migrate_to(gpu, 0) }
thread("user",  { map:get(0, { fast = true }):as "page", dma_read "page", put_page "page" })
thread("admin", { map:munmap(), gpu:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["popple-2023"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds,
         ["v7.2/takes-at-zero"] = violates "kernel-bug" }
