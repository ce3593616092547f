-- SPDX-License-Identifier: MIT
-- Two file systems of one disk: the umount of one takes the other's operations with it.
--
--   1. admin unmounts: fs_put_dax() gives the dax device up, holder_data is NULL
--   2. other mounts: fs_dax_get_by_bdev() takes the device, and stores whom to call, holder_ops
--   3. admin goes on in fs_put_dax(), and stores NULL over that
--   4. admin opens a file of what is mounted now, maps it and writes page 0
--   5. he unbinds the device: kill_dax() finds a holder and nobody to call, so that the file
--      system is not told, and the page stays mapped
--   6. he reads page 0
--
-- Fixed by 1d9469f2 (7.2), which clears the operations before it gives the device up. The two are
-- partitions; `mount` stands for that of the second, whose files are the first's here. 6.1 has the
-- race as well, but its xfs unmaps nobody when it is told, see stale-pte-on-xfs.
-- popple-2023 comes that far where CONFIG_DEBUG_VM does not stop its fault.
-- When the bug is there: use-after-unplug.
kernel { debug_vm = false }
local pmem = device { type = "fsdax", fs = "xfs", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file, later = true }

before { file:close() }
thread("other", { pmem:mount() })
thread("admin", {
	pmem:umount(), file:open(), map:mmap(), map:write(0), pmem:unbind(), map:read(0),
})

expect { ["v6.12"] = violates "use-after-unplug", ["popple-2023"] = violates "use-after-unplug",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = holds }
