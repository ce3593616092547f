-- expect: 3: string.format: addresses differ in each run; leave %p out
-- SPDX-License-Identifier: MIT
thread(string.format("%-20p", "text"), {})
