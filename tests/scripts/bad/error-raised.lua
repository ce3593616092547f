-- expect: 3: no such machine
-- SPDX-License-Identifier: MIT
error "no such machine"
