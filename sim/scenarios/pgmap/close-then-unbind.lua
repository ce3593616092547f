-- SPDX-License-Identifier: MIT
-- A file is written to, synced and closed, and its device is unbound under an xfs.
--
--   1. app stores to page 0, syncs it and lets go of the file: its DAX entry stays, and is clean
--   2. app unbinds the device; kill_dax() notifies xfs. v6.1 and those that stand on it say that
--      the memory has failed, and the entry stays; from 6.12 on it is a removal, before which
--      invalidate_inode_pages2_range() takes out what is clean
--   3. the dying disk has the inode evicted, and its entry with it
--
-- No bug. Where an entry holds pages and device, as in "Fix the DAX-gup mistake", nobody but a scan
-- that breaks the layout, or the deletion that comes after it, gives back what it held; xfs was not
-- yet told of removals. Were it, the entry would be taken out over both, and nothing put.
-- Were a reference left: the removal hangs.
local pmem = device { type = "fsdax", fs = "xfs", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), map:msync(), map:munmap(), file:close(), pmem:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds, ["v7.2"] = holds }
