-- expect: 4: unexpected symbol near <eof>
-- SPDX-License-Identifier: MIT
local pmem =
