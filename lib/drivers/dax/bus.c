/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

#include "kernel/bodies.h"

/* No new faults, and then what is mapped is unmapped. */
void (kill_dev_dax)(struct pmem_device *dev_dax)
{
	kill_dax(dev_dax->dax);
	for (struct inode *inode = PEEK_SHARED(dev_dax->sb->s_inodes); inode; inode = inode->i_next)
		unmap_mapping_pages(&inode->i_mapping, 0, inode->max_pages, true);
}
