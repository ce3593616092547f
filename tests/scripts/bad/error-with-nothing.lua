-- expect: 3: the error raised is a nil; give error() a string
-- SPDX-License-Identifier: MIT
error()
