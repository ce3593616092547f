-- SPDX-License-Identifier: MIT
-- A fault finds the PTE taken, and leaves an entry whose page nobody maps.
--
--   1. reader reads page 0 of a private map: the fault puts the page into a DAX entry
--   2. writer writes to the same page, and has a copy of its own for it: its PTE comes first
--   3. reader's insert finds the PTE taken, and counts as served; the entry stands, and its page
--      counts as if nobody had ever come
--   4. writer truncates the file: the page is idle, and the entry goes
--
-- Under Alistair Popple's RFC an entry goes with the last reference to its page, which here never
-- was one: a truncate that took every entry it finds to be busy would look for ever. The writer
-- that comes second there, after the reader's PTE, frees the page: free_zone_device_page() clears
-- the mapping after the entry is gone. The reader, who faults the page in again meanwhile, finds the
-- old mapping, which warns, or loses the new one: then memory_failure() finds no file.
-- Where an idle page were taken to be busy: livelock. The RFC itself: bad-mapping.
kernel { debug_vm = false }
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file, private = true }

before { map:write(1) }
thread("reader", { map:read(0) })
thread("writer", { map:write(0), file:truncate(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "bad-mapping", ["v6.15"] = holds, ["v7.2"] = holds }
