-- expect: 7: file:clone: that file is on another device; give one of the same
-- SPDX-License-Identifier: MIT
local pmem  = device { type = "fsdax", pages = 4 }
local far   = device { type = "fsdax", pages = 4 }
local file  = pmem:file { pages = 2 }
local other = far:file { pages = 2 }
thread("app", { file:clone(other) })
