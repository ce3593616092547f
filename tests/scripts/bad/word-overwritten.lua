-- expect: 3: 'device' is not declared; write local device
-- SPDX-License-Identifier: MIT
device = nil
