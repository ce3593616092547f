/* SPDX-License-Identifier: MIT */
/* Registered buffers, io_uring/rsrc.c: the bodies that all kernels share. */
#include <mmref/kernel.h>

#include "kernel/bodies.h"

/* The place of @page in its folio, of which the caller holds a part. */
static unsigned int folio_page_idx(const struct folio *folio, const struct page *page)
{
	return page - &folio->page;
}

/*
 * Each folio has to be in the buffer in one piece, and all but the first and the last as a whole. An
 * anonymous page of system memory (NULL) is a folio of one page.
 */
bool (io_check_coalesce_buffer)(struct page **page_array, int nr_pages,
				struct io_imu_folio_data *data)
{
	struct folio *folio = page_array[0] ? page_folio(page_array[0]) : NULL;
	unsigned int count = 1, nr_folios = 1;

	if (!folio)
		return false;
	data->nr_pages_mid = folio_nr_pages(folio);
	data->folio_shift = folio_order(folio);
	data->first_folio_page_idx = folio_page_idx(folio, page_array[0]);
	for (int i = 1; i < nr_pages; i++) {
		struct folio *next = page_array[i] ? page_folio(page_array[i]) : NULL;

		if (!next)
			return false;
		if (next == folio && page_array[i] == page_array[i - 1] + 1) {
			count++;
			continue;
		}
		if (nr_folios == 1) {
			if (folio_page_idx(folio, page_array[i - 1]) != data->nr_pages_mid - 1)
				return false;
			data->nr_pages_head = count;
		} else if (count != data->nr_pages_mid) {
			return false;
		}
		folio = next;
		if (folio_order(folio) != data->folio_shift || folio_page_idx(folio, page_array[i]))
			return false;
		count = 1;
		nr_folios++;
	}
	if (nr_folios == 1)
		data->nr_pages_head = count;
	data->nr_folios = nr_folios;
	return true;
}
