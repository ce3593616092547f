/* SPDX-License-Identifier: MIT */
/*
 * Dave Chinner's arbiter, nvdimm and linux-xfs, September 2022, laid over any rule set: the
 * inode decides over the medium, and whoever holds pages of it holds the inode.
 *
 *	i_count = names + open files + maps + pages that GUP gave out or tee() copied
 *
 * "GUP must pin the VMA": the inode is found by the VMA and held before a page is
 * taken, and let go after the page has been put. So an eviction cannot begin under a
 * pin, an unlink takes the name and no more, and umount is -EBUSY; the last put
 * evicts what was unlinked meanwhile. (A kernel would hold the mount as well: it is that,
 * and no inode, which its umount counts.)
 *
 * All else is as under the rule set below:
 *	truncate and punch know nothing of it, and wait for a held page or miss it as before;
 *	an unbind asks no inode: the pin holds the file, and not the device under it;
 *	of device-dax it is the inode of the device node, which decides over no block.
 *
 * Jason Gunthorpe's objection was that a munmap may drop what the VMA holds while GUP goes on:
 * take() looks for the VMA again when it has the pages, and gives up where it is gone. Jan Kara's,
 * that every pin counts one word of its inode, shows here in steps, and not in time.
 */
#include <mmref/kernel.h>

#include "rules/common.h"
#include "rules/rules.h"

void mmref_overlay_arbiter(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, gup_hold, call_ihold);
	MMREF_REPLACE(rules, gup_drop, call_iput);
}
