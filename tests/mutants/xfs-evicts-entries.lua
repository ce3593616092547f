-- SPDX-License-Identifier: MIT
-- An inode of xfs is evicted with the entry of a page that nobody holds, and its block goes to another file.
-- A page that keeps the mapping of the inode that is gone warns as soon as the other file maps it.
local pmem   = device { type = "fsdax", fs = "xfs", pages = 1 }
local file   = pmem:file { pages = 1 }
local other  = pmem:file { pages = 1, later = true }
local map    = process():mmap { file = file }
local theirs = process():mmap { file = other, later = true }

before { map:read(0), map:munmap(), file:close() }
thread("app", { file:unlink(), other:create(), theirs:mmap(), theirs:read(0) })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
