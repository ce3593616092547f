-- expect: 3: tostring: a table has no text; give a number, a string or a boolean
-- SPDX-License-Identifier: MIT
thread(tostring({}), {})
