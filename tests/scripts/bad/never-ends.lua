-- expect: 3: the script does not end; make its loops shorter
-- SPDX-License-Identifier: MIT
while true do end
