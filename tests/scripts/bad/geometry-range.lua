-- expect: 3: geometry: 'pmd_order' is 10; give a number from 1 to 9
-- SPDX-License-Identifier: MIT
geometry { pmd_order = 10 }
