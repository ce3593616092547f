-- SPDX-License-Identifier: MIT
-- A fault maps a page again while a truncate waits for it, and the last unpin wakes nobody.
--
--   1. device has pinned page 0 for a DMA
--   2. admin truncates the file: the scan unmaps page 0 and finds it held. wait_page_idle() drops
--      the invalidate_lock and sleeps until the page counts 0
--   3. app reads page 0, and the fault maps it: the PTE holds a reference
--   4. device unpins the page: the count falls to that of the PTE, and nobody is woken
--   5. admin sleeps until app unmaps the page, which it has no reason to do. A scan would have
--      unmapped it
--
-- Up to 6.14 a PTE holds nothing, so the unpin wakes the truncate, which scans again. Both postings
-- of "Fix the DAX-gup mistake" stop at the fault, which maps an entry that holds its page no more.
-- From 6.15 on dax_page_is_idle() asks for a count of 0, and a PTE counts. A result of the model;
-- no report is known. A signal ends the wait.
-- When the bug is there: deadlock.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

kernel { debug_vm = false }
before { map:pin(0, { write = true }):as "dma" }
thread("app",    { map:read(0) })
thread("admin",  { file:truncate(0) })
thread("device", { dma_write "dma", unpin "dma" })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = violates "zero-ref-mapped",
         ["williams-2022"] = violates "zero-ref-mapped", ["gunthorpe-2022"] = violates "deadlock",
         ["popple-2023"] = violates "deadlock", ["v6.15"] = violates "deadlock",
         ["v7.2"] = violates "deadlock" }
