-- expect: 3: device: unknown fs 'btrfs'; the file systems are 'ext4', 'xfs' and 'ext2'
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", fs = "btrfs", pages = 4 }
