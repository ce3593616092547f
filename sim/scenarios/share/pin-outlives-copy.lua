-- SPDX-License-Identifier: MIT
-- A pin stays with the shared block when its file goes on with a copy.
--
--   1. second is a clone of first
--   2. app pins page 0 of first to be read by a device, as an O_DIRECT write from it does
--   3. writer writes to page 0 of first: the fault unmaps the page, makes a copy, and gives the
--      shared block up to second. No layout is broken: nobody waits for the pin
--   4. the device reads what is second's alone now, and what is written there from now on
--
-- A pin to write cannot be there: a clone breaks the layouts of both files, and what is shared is
-- mapped to be read only. 7.2 warns besides, of an entry that goes while its page is held. Read in
-- the sources of 7.2; no report is known. williams-2022 fails at the copy, see
-- share/copy-without-request.lua. 6.12 does not pin the shared page at all: the pin waits for the copy,
-- see share/refault-under-pin.lua.
-- What it shows: use-after-truncate, a block that is another file's and held as the first one's.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 2 }
local first  = pmem:file { pages = 1, fill = 0xa1 }
local second = pmem:file { pages = 1 }
local map    = process():mmap { file = first }

before { second:clone(first) }
thread("app",    { map:pin(0):as "io", unpin "io" })
thread("writer", { map:write(0) })

expect { ["v6.1"] = violates "use-after-truncate", ["v6.12"] = holds,
         ["williams-2022"] = violates "zero-ref-mapped",
         ["gunthorpe-2022"] = violates "use-after-truncate",
         ["popple-2023"] = violates "kernel-bug",
         ["v6.15"] = violates "use-after-truncate", ["v7.2"] = violates "use-after-truncate" }
