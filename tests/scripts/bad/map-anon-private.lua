-- expect: 3: process:mmap: 'first', 'shift' and 'private' are for maps of a file; leave them out
-- SPDX-License-Identifier: MIT
local map = process():mmap { anon = true, pages = 2, private = true }
thread("app", { map:read(0) })
