-- expect: 3: 'pmem' is not declared; write local pmem
-- SPDX-License-Identifier: MIT
pmem = device { type = "fsdax", pages = 4 }
