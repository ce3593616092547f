-- expect: 3: unknown word 'hypervisor'; there is device, process, pipe, put_page, unpin, before, thread, steps, expect, violates, hangs, geometry, kernel, checkpoint, start, wait, watch, remember, unwatch, when, unless, folio_put, unregister, dma_read, dma_write, signal, holds
-- SPDX-License-Identifier: MIT
hypervisor "kvm"
