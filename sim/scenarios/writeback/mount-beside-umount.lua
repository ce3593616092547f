-- SPDX-License-Identifier: MIT
-- A file system is mounted again while it is unmounted, and what is stored from then on is synced.
--
--   1. admin unmounts the file system
--   2. app mounts it, which succeeds once generic_shutdown_super() has given the device up
--   3. app opens the file, stores to page 0 through a map, and calls sync()
--
-- Up to there the umount may store to the super block, and no further: app's mount is another's.
-- Were the super block shut down once more after step 2: sync() finds no active super block, passes
-- it over, and the store is lost: dirty-lost.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file, later = true }

kernel { debug_vm = false }
before { file:close() }
thread("admin", { pmem:umount() })
thread("app",   { pmem:mount(), file:open(), map:mmap(), map:write(0), pmem:sync() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["popple-2023"] = holds,
         ["v6.15"] = holds, ["v7.2"] = holds }
