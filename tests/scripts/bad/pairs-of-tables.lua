-- expect: 3: pairs: a key is a table, which has no order; make it a number, a string or an object
-- SPDX-License-Identifier: MIT
for key in pairs { [{}] = 1 } do end
