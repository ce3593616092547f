-- SPDX-License-Identifier: MIT
-- A store is forgotten with the mapping that it was made through.
--
--   1. app stores to page 0: the fault marks its DAX entry dirty
--   2. app unmaps the file: the page's last reference is put, and dax_page_free() deletes its
--      entry, with the mark that it is dirty
--   3. app syncs the file: no entry is marked, nothing is flushed, and fsync() returns 0
--
-- Alistair Popple's RFC of April 2024, nvdimm, in which an entry goes with the last reference to
-- its page. It has dax_page_free() flush a page that is dirty, one byte of it, which the model
-- leaves out: a line of the cache. As merged in v6.15 the entry stays until its block goes.
-- The VM_BUG_ON of folio/map-at-count-zero.lua is left out, as in kernels that run.
-- When the bug is back: dirty-lost.
kernel { debug_vm = false }
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), map:munmap(), file:fsync() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "dirty-lost", ["v6.15"] = holds, ["v7.2"] = holds }
