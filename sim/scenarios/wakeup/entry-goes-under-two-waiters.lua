-- SPDX-License-Identifier: MIT
-- Two threads wait for the DAX entry of a PMD, and it is removed.
--
--   1. a hole of the file is mapped by a PMD: one DAX entry stands for pages 0 and 1
--   2. one thread stores to page 1, which needs a PTE: it locks the entry and unmaps the hole. The
--      two other threads wait for the entry
--   3. the first thread removes the entry. Nobody can lock it any more, so all waiters must be woken
--   4. if one is woken, that one finds no entry of a PMD. It goes on with page 1, whose queue is
--      another one, and the third thread sleeps for ever
--
-- Vivek Goyal, "make -j" on virtiofs, April 2021: 237388320def (v5.13) has __dax_invalidate_entry()
-- wake all. grab_mapping_entry() has done so since it removes entries of PMDs.
-- Alistair Popple's RFC stops at its first PMD.
-- When the bug is back: deadlock.
geometry { pmd_order = 1 }
local pmem  = device { type = "fsdax", pages = 2 }
local file  = pmem:file { pages = 2 }
local huge  = process():mmap { file = file }
local small = process():mmap { file = file, shift = 1 }

before { file:punch(0), file:punch(1), huge:read(0) }
thread("one",   { small:read(1) })
thread("two",   { small:read(1) })
thread("three", { small:write(1) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds, ["v7.2"] = holds }
