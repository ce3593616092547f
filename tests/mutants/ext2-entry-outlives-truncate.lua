-- SPDX-License-Identifier: MIT
-- A truncate of ext2 comes upon an entry, and must remove it all the same.
--
--   1. app has stored to page 0 of file through a map: the file has a DAX entry
--   2. app truncates the file. ext2 breaks no layout, so truncate_folio_batch_exceptionals() of
--      6.15 and later warns of the entry, and removes it with dax_delete_mapping_entry()
--   3. another file gets the block, and app stores to it through a map
--
-- Here and not with the scenarios, as the race is that of truncate/ext2-finds-entries.lua. The ext2
-- of 7.2 has no DAX: there it is what that kernel's rules would make of it.
-- Were the entry left: it names the page of another file. bad-mapping.
local pmem  = device { type = "fsdax", fs = "ext2", pages = 1 }
local file  = pmem:file { pages = 1 }
local other = pmem:file { pages = 1, later = true }
local app   = process()
local map   = app:mmap { file = file }
local their = app:mmap { file = other, later = true }

kernel { debug_vm = false }
before { map:write(0) }
thread("app", { file:truncate(0), other:create(), their:mmap(), their:write(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = violates "kernel-warning",
         ["williams-2022"] = violates "kernel-warning", ["gunthorpe-2022"] = holds,
         ["popple-2023"] = holds, ["v6.15"] = violates "kernel-warning",
         ["v7.2"] = violates "kernel-warning" }
