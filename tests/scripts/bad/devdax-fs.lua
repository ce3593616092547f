-- expect: 3: device: 'fs' is given, and a device of type 'devdax' has no file system; leave it out, or make the type 'fsdax'
-- SPDX-License-Identifier: MIT
local dax = device { type = "devdax", fs = "xfs", pages = 8 }
