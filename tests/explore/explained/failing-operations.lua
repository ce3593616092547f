-- SPDX-License-Identifier: MIT
-- What fails is told where it ends: a store past the end of a file, and a mount of what is mounted.
local pmem  = device { type = "fsdax", fs = "ext2", pages = 2 }
local file  = pmem:file { pages = 1 }
local empty = pmem:file { pages = 1 }
local map   = process():mmap { file = file }
local past  = process():mmap { file = empty }

before { map:pin(0, { write = true }):as "dma", empty:truncate(0) }
thread("app",   { past:write(0), dma_write "dma", unpin "dma" })
thread("admin", { pmem:mount(), empty:close(), file:truncate(0) })

expect { ["v6.1"] = violates "use-after-truncate", ["v7.2"] = violates "use-after-truncate" }
