-- expect: 4: device:file: a 'private' has no files; make it on a device of type 'fsdax' or 'devdax'
-- SPDX-License-Identifier: MIT
local gpu  = device { type = "private", pages = 4 }
local file = gpu:file { pages = 2 }
