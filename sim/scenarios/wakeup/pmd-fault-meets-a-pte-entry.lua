-- SPDX-License-Identifier: MIT
-- A fault that wants a PMD meets the locked entry of a PTE.
--
--   1. small faults page 1 by a PTE, and has the entry at index 1 locked
--   2. huge faults page 0 and wants a PMD, which would begin at index 0 and cover the entry of
--      page 1
--   3. huge must not wait for that entry. Waiters queue by index: small will wake the queue of
--      index 1, and huge would sleep on that of index 0. The fault falls back to a PTE instead
--
-- Robert Barror and Seema Pandit saw RocksDB hang so, with mmap_lock held, on v4.20 to v5.2.
-- Matthew Wilcox: 23c84eb78375 (v5.3) has the look-up report a smaller entry instead of waiting
-- for it.
-- Alistair Popple's RFC stops at its first PMD.
-- When the bug is back: deadlock.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local small = process():mmap { file = file, shift = 1 }
local huge  = process():mmap { file = file }

thread("small", { small:write(1) })
thread("huge",  { huge:read(0), huge:read(1) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds, ["v7.2"] = holds }
