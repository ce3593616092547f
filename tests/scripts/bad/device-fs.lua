-- expect: 3: device: unknown fs 'btrfs'; the file systems are 'ext4', 'xfs', 'ext2' and 'fuse'
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", fs = "btrfs", pages = 4 }
