-- expect: 3: string.format: argument 2 is a function, which has no text; give a number, a string or a boolean
-- SPDX-License-Identifier: MIT
thread(string.format("%s", pairs), {})
