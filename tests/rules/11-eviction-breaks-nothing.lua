-- SPDX-License-Identifier: MIT
-- A file system evicts an inode and does not break its layout.
--
--   1. app has read page 0 and closed the file: its DAX entry is left
--   2. admin unmounts the file system: the inode is evicted, and nobody calls
--      dax_break_layout_final()
--   3. truncate_inode_pages_final() comes upon an entry that should have gone before
--
-- Yuezhang Mo, erofs of v6.15 and v6.16: 181993bb0d62 (v6.17) gives erofs an evict_inode of its own
-- that breaks the layout. There is no erofs here: fuse stands in for it, which had the same bug
-- until befd9a71d859 (v6.16).
-- When the bug is back: kernel-warning.
local pmem = device { type = "fsdax", fs = "fuse", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:read(0), map:munmap(), file:close() }
thread("admin", { pmem:umount() })

expect { ["v7.2"] = holds }
