-- expect: 3: the error raised is a table; give error() a string
-- SPDX-License-Identifier: MIT
error({ "no such machine" })
