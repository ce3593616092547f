-- expect: 3: 'os' is Lua's and not for scenarios; they only declare what is there and what is done
-- SPDX-License-Identifier: MIT
os.exit(0)
