-- SPDX-License-Identifier: MIT
-- A file is synced after its device is gone.
--
--   1. app stores to page 0, and unmaps the file, which stays open
--   2. app unbinds the device: the dying disk has ext4 sync what is dirty, while the memory is
--      there; from 6.12 on it shuts the file system down after that
--   3. app syncs the file: in 6.1 there is nothing left to be flushed, and fsync() returns 0; later
--      it is told -EIO
--
-- No bug. popple-2023 has forgotten the store by then (writeback/unmapped-store-is-forgotten.lua),
-- and -EIO is all that keeps it from saying otherwise. williams-2022 waits for the entry of a file
-- that is open.
-- Were the disk to die without a word: use-after-unplug, as the entry is flushed after the pages
-- are gone; of the RFC dirty-lost.
kernel { debug_vm = false }
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), map:munmap(), pmem:unbind(), file:fsync() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = hangs "unplug",
         ["williams-2022"] = hangs "unplug", ["gunthorpe-2022"] = holds,
         ["popple-2023"] = holds, ["v6.15"] = holds, ["v7.2"] = holds }
