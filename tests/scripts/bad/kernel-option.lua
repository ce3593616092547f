-- expect: 3: kernel: 'debug_vm' is a number; give true or false
-- SPDX-License-Identifier: MIT
kernel { debug_vm = 0 }
