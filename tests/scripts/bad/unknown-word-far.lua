-- expect: 3: unknown word 'hypervisor'; there is device, process, pipe, signal, put_page, unpin, folio_put, unregister, dma_read, dma_write, before, thread, steps, expect, violates, hangs, geometry, kernel, checkpoint, start, wait, watch, remember, unwatch, when, unless, holds
-- SPDX-License-Identifier: MIT
hypervisor "kvm"
