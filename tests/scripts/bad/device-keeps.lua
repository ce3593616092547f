-- expect: 3: device: a 'fsdax' evicts nothing anyway; 'keeps' is for 'private' and 'coherent'
-- SPDX-License-Identifier: MIT
local pmem = device { type = "fsdax", pages = 4, keeps = true }
