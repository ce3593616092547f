-- SPDX-License-Identifier: MIT
-- A write fault waits for the AGF with its entry locked, and the removal for the entry with the
-- AGF.
--
--   1. second is a clone of first, and third has the other block: the device is full
--   2. app writes to page 0 of first through a map: the fault locks the entry, and wants the AGF to
--      allocate a copy
--   3. admin unbinds the device: xfs is told, locks the AGF, and goes through the reverse mapping.
--      mf_dax_kill_procs() waits for the entry of page 0
--
-- From 6.12 on a removal freezes the file system first, which waits for such a fault. In 6.1 it is
-- told as a failure of all the memory, and freezes nothing: fa422b353d21 (v6.8). Read in the
-- sources of 6.1; no report is known. That the device is full keeps the fault from mapping a page
-- that the removal would leave mapped; it does not matter to the deadlock.
-- When the bug is there: the removal hangs.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local third  = pmem:file { pages = 1, later = true }
local map    = process():mmap { file = first }

before { second:clone(first), third:create() }
thread("app",   { map:write(0) })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = hangs "unplug", ["v6.12"] = holds, ["williams-2022-v2"] = hangs "unplug",
         ["williams-2022"] = hangs "unplug", ["gunthorpe-2022"] = hangs "unplug",
         ["popple-2023"] = holds, ["v6.15"] = holds, ["v7.2"] = holds }
