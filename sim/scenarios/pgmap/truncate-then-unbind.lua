-- SPDX-License-Identifier: MIT
-- A file is written to and truncated, and its device is unbound.
--
--   1. app stores to page 0, and unmaps the file: there is a DAX entry, and what goes with it
--   2. app truncates the file: the entry goes
--   3. app unbinds the device, which must come to its end with every reference given back once
--
-- No bug. "Fix the DAX-gup mistake" v2 takes the pgmap for each page of an entry, and puts it when
-- the entry is deleted; v3 and gunthorpe-2022 have it held by the page.
-- Were a reference put twice: kernel-bug, as the pgmap counts below 0. Were one left: the removal
-- hangs.
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

thread("app", { map:write(0), map:munmap(), file:truncate(0), pmem:unbind() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds,
         ["popple-2023"] = violates "kernel-bug", ["v6.15"] = holds, ["v7.2"] = holds }
