-- SPDX-License-Identifier: MIT
-- A store to a private map copies a page while xfs is told of the removal of its device.
--
--   1. app writes to page 0 of a private map: the fault locks the DAX entry, and copies the page
--   2. admin unbinds the device: xfs comes to page 0 by its reverse mapping, and
--      dax_lock_mapping_entry() waits in wait_entry_unlocked() until the entry is unlocked
--   3. app maps its copy and unlocks the entry, which names no page; admin goes on
--
-- Nothing of the device is mapped in the end. All rule sets hold.
-- Were the wait left out: the removal spins with the xa_lock held, which the fault wants. Were the
-- copy read after the device is gone: use-after-unplug.
local pmem = device { type = "fsdax", fs = "xfs", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file, private = true }

thread("app",   { map:write(0) })
thread("admin", { pmem:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["popple-2023"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
