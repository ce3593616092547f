-- expect: 3: process:mmap: 'pages' is missing; give { pages = ... }
-- SPDX-License-Identifier: MIT
local map = process():mmap { anon = true }
thread("app", { map:read(0) })
