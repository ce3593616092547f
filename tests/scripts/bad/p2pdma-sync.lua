-- expect: 4: device:sync: a 'p2pdma' has no file system; do it under a device of type 'fsdax'
-- SPDX-License-Identifier: MIT
local bar = device { type = "p2pdma", pages = 4 }
thread("admin", { bar:sync() })
