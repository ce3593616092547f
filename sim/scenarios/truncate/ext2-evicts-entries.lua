-- SPDX-License-Identifier: MIT
-- An inode is evicted with entries of pages that nobody holds, by a file system that breaks no layout.
--
--   1. app has read page 0 through a map, so that the file has a DAX entry; it unmaps and closes the file
--   2. app unlinks the file: ext2_evict_inode() breaks no layout, as ext4 and xfs do from 6.15 on
--   3. truncate_inode_pages_final() comes upon the entry, and removes it
--
-- From 6.15 on truncate_folio_batch_exceptionals() warns of it: the caller should have removed it. The
-- ext2 of 7.2 has no DAX: there it is what that kernel's rules would make of it.
-- When the bug is there: kernel-warning. Were step 3 left out: an inode that is gone has an entry.
local pmem = device { type = "fsdax", fs = "ext2", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

before { map:read(0) }
thread("app", { map:munmap(), file:close(), file:unlink() })

expect { ["v6.1"] = holds, ["v6.12"] = holds,
         ["williams-2022-v2"] = violates("kernel-warning", "dax_disassociate_entry"),
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["v6.15"] = violates("kernel-warning", "truncate_folio_batch_exceptionals"),
         ["v7.2"] = violates("kernel-warning", "truncate_folio_batch_exceptionals") }
