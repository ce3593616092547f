-- SPDX-License-Identifier: MIT
-- What a map of a file of virtiofs has stored before a sync is kept by it.
local pmem = device { type = "fsdax", fs = "fuse", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }

thread("app", { map:write(0, 1), file:fsync() })

expect { ["v6.1"] = holds, ["v6.12"] = holds, ["williams-2022-v2"] = holds,
         ["williams-2022"] = holds, ["gunthorpe-2022"] = holds, ["v6.15"] = holds,
         ["v7.2"] = holds }
