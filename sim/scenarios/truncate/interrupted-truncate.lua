-- SPDX-License-Identifier: MIT
-- A truncate is ended by a signal while it waits for a page, and the page is mapped again.
--
--   1. app has a page pinned for a DMA; truncate unmaps it, finds it held, and sleeps
--      interruptibly until it is idle
--   2. user sends truncate a signal: the wait is -ERESTARTSYS, and the call fails with the
--      file as it was
--   3. app reads the page again, and then lets go of the pin
--
-- ext4_break_layouts() passes the error on in 6.1 and 7.2, and nothing has been freed by then;
-- a posting of the v6.15 series lost it on the way (Darrick Wong, nvdimm, on v6 05/26), which is
-- v6.15/wait-result-lost. In
-- williams-2022, v2 and v3, the scan has given the DAX entry's reference back before it waits, and
-- a fault during the wait or after the signal maps the page without a new one: once the pin is
-- gone, the page table names a page that counts 0.
-- When the bug is back: zero-ref-mapped; where the error is lost, use-after-truncate.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:write(0), map:pin(0):as "dma" }
thread("truncate", { file:truncate(0) })
thread("user",     { signal "truncate" })
thread("app",      { dma_write "dma", map:read(0), unpin "dma" })

expect { ["v6.1"] = holds, ["v6.12"] = holds,
         ["williams-2022-v2"] = violates "zero-ref-mapped",
         ["williams-2022"] = violates "zero-ref-mapped",
         ["gunthorpe-2022"] = holds, ["v6.15"] = holds, ["v7.2"] = holds,
         ["v6.15/wait-result-lost"] = violates "use-after-truncate" }
