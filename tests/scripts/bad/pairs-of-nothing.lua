-- expect: 3: pairs: it goes through a table, not nothing; give one
-- SPDX-License-Identifier: MIT
for key in pairs() do end
