-- SPDX-License-Identifier: MIT
-- A page is handed out of a device that is being removed.
--
--   1. app's page 0 lies on the device. app moves page 1 there, too: the driver takes a free
--      page off its list under its lock, and drops the lock
--   2. admin unbinds: the list is emptied, and memunmap_pages() kills the pgmap and waits for
--      page 0
--   3. app initializes the page that it has. v6.1 finds the pgmap dying, warns, and goes on
--      without a reference to it; v7.2 asks with percpu_ref_tryget_many(), which succeeds
--      as long as the count is not 0, and says nothing
--   4. app unmaps page 0, and then page 1. In v6.1 the first put is the last that the pgmap
--      waits for: its memmap goes while page 1 is still mapped
--
-- "Drivers shouldn't be allocating pages after calling memunmap_pages()", says the comment in
-- both. The driver is lib/test_hmm.c, with nothing that keeps its users away from a removal;
-- there the module's own count does. Found in the text of 7.2, where it goes unnoticed.
-- When the bug is there: use-after-unplug where the reference is missing, new-after-kill where
-- it was had.
local gpu = device { type = "private", pages = 2, keeps = true }
local map = process():mmap { anon = true, pages = 2 }

before { map:write(0), map:migrate_to(gpu, 0) }
thread("app",   { map:migrate_to(gpu, 1), map:munmap() })
thread("admin", { gpu:unbind() })

expect { ["v6.1"] = violates "use-after-unplug", ["v6.12"] = violates "use-after-unplug",
         ["v6.15"] = violates "use-after-unplug", ["v7.2"] = violates "new-after-kill" }
