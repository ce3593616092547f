/* SPDX-License-Identifier: MIT */
/*
 * Calls of kernel functions go through the table of the rule set that the world runs under.
 *
 * Each name is a macro for that call: dax_busy_page(entry) runs the body that the present rule set
 * has. A definition puts the name in parentheses, and so escapes the macro:
 *
 *	static struct page *(dax_busy_page)(void *entry)
 *	{
 *		...
 *	}
 *
 * Made by cmake/dispatch.sh from functions.def.
 */
#ifndef MMREF_LINUX_DISPATCH_H
#define MMREF_LINUX_DISPATCH_H

#include <mmref/linux/sched.h>
#include <mmref/rules.h>

/* The first 1, 2, 3... of the arguments: a holder that was left out follows them. */
#define MMREF_FIRST_1(a, ...)			a
#define MMREF_FIRST_2(a, b, ...)		a, b
#define MMREF_FIRST_3(a, b, c, ...)		a, b, c
#define MMREF_FIRST_4(a, b, c, d, ...)		a, b, c, d

#define truncate_folio_batch_exceptionals(...) \
	(mmref_running()->truncate_folio_batch_exceptionals(__VA_ARGS__))
#define try_get_folio(...) \
	(mmref_running()->try_get_folio(__VA_ARGS__))
#define try_grab_folio_fast(...) \
	(mmref_running()->try_grab_folio_fast(__VA_ARGS__))
#define try_grab_folio(...) \
	(mmref_running()->try_grab_folio(__VA_ARGS__))
#define try_grab_page(...) \
	(mmref_running()->try_grab_page(__VA_ARGS__))
#define gup_put_folio(...) \
	(mmref_running()->gup_put_folio(MMREF_FIRST_4(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define unpin_user_page(...) \
	(mmref_running()->unpin_user_page(MMREF_FIRST_2(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define unpin_user_folio(...) \
	(mmref_running()->unpin_user_folio(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define unpin_user_pages(...) \
	(mmref_running()->unpin_user_pages(__VA_ARGS__))
#define gup_fast_unpin_user_pages(...) \
	(mmref_running()->gup_fast_unpin_user_pages(__VA_ARGS__))
#define gup_must_unshare(...) \
	(mmref_running()->gup_must_unshare(__VA_ARGS__))
#define gup_fast_folio_allowed(...) \
	(mmref_running()->gup_fast_folio_allowed(__VA_ARGS__))
#define follow_page_pte(...) \
	(mmref_running()->follow_page_pte(__VA_ARGS__))
#define follow_huge_pmd(...) \
	(mmref_running()->follow_huge_pmd(__VA_ARGS__))
#define follow_devmap_pmd(...) \
	(mmref_running()->follow_devmap_pmd(__VA_ARGS__))
#define follow_pmd_mask(...) \
	(mmref_running()->follow_pmd_mask(__VA_ARGS__))
#define follow_page_mask(...) \
	(mmref_running()->follow_page_mask(__VA_ARGS__))
#define faultin_page(...) \
	(mmref_running()->faultin_page(__VA_ARGS__))
#define check_vma_flags(...) \
	(mmref_running()->check_vma_flags(__VA_ARGS__))
#define __get_user_pages(...) \
	(mmref_running()->__get_user_pages(__VA_ARGS__))
#define __get_user_pages_locked(...) \
	(mmref_running()->__get_user_pages_locked(__VA_ARGS__))
#define collect_longterm_unpinnable_folios(...) \
	(mmref_running()->collect_longterm_unpinnable_folios(__VA_ARGS__))
#define migrate_longterm_unpinnable_folios(...) \
	(mmref_running()->migrate_longterm_unpinnable_folios(__VA_ARGS__))
#define check_and_migrate_movable_pages(...) \
	(mmref_running()->check_and_migrate_movable_pages(__VA_ARGS__))
#define __gup_longterm_locked(...) \
	(mmref_running()->__gup_longterm_locked(__VA_ARGS__))
#define gup_fast_undo_dev_pagemap(...) \
	(mmref_running()->gup_fast_undo_dev_pagemap(__VA_ARGS__))
#define gup_fast_pte_range(...) \
	(mmref_running()->gup_fast_pte_range(__VA_ARGS__))
#define gup_fast_devmap_leaf(...) \
	(mmref_running()->gup_fast_devmap_leaf(__VA_ARGS__))
#define gup_fast_devmap_pmd_leaf(...) \
	(mmref_running()->gup_fast_devmap_pmd_leaf(__VA_ARGS__))
#define gup_fast_pmd_leaf(...) \
	(mmref_running()->gup_fast_pmd_leaf(__VA_ARGS__))
#define gup_fast_pmd_range(...) \
	(mmref_running()->gup_fast_pmd_range(__VA_ARGS__))
#define gup_fast(...) \
	(mmref_running()->gup_fast(__VA_ARGS__))
#define gup_fast_fallback(...) \
	(mmref_running()->gup_fast_fallback(__VA_ARGS__))
#define get_user_pages_fast(...) \
	(mmref_running()->get_user_pages_fast(__VA_ARGS__))
#define pin_user_pages_fast(...) \
	(mmref_running()->pin_user_pages_fast(__VA_ARGS__))
#define get_user_pages_remote(...) \
	(mmref_running()->get_user_pages_remote(__VA_ARGS__))
#define pin_user_pages_remote(...) \
	(mmref_running()->pin_user_pages_remote(__VA_ARGS__))
#define pin_user_pages(...) \
	(mmref_running()->pin_user_pages(__VA_ARGS__))
#define put_devmap_managed_folio_refs(...) \
	(mmref_running()->put_devmap_managed_folio_refs(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define put_page(...) \
	(mmref_running()->put_page(MMREF_FIRST_2(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define folio_put(...) \
	(mmref_running()->folio_put(MMREF_FIRST_2(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define folio_put_refs(...) \
	(mmref_running()->folio_put_refs(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define folios_put_refs(...) \
	(mmref_running()->folios_put_refs(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define __folio_put(...) \
	(mmref_running()->__folio_put(__VA_ARGS__))
#define io_pin_pages(...) \
	(mmref_running()->io_pin_pages(__VA_ARGS__))
#define io_check_coalesce_buffer(...) \
	(mmref_running()->io_check_coalesce_buffer(__VA_ARGS__))
#define io_coalesce_buffer(...) \
	(mmref_running()->io_coalesce_buffer(__VA_ARGS__))
#define io_sqe_buffer_register(...) \
	(mmref_running()->io_sqe_buffer_register(__VA_ARGS__))
#define io_release_ubuf(...) \
	(mmref_running()->io_release_ubuf(__VA_ARGS__))
#define io_buffer_unmap(...) \
	(mmref_running()->io_buffer_unmap(__VA_ARGS__))
#define io_free_rsrc_node(...) \
	(mmref_running()->io_free_rsrc_node(__VA_ARGS__))
#define io_sqe_buffers_unregister(...) \
	(mmref_running()->io_sqe_buffers_unregister(__VA_ARGS__))
#define io_uring_del_tctx_node(...) \
	(mmref_running()->io_uring_del_tctx_node(__VA_ARGS__))
#define iter_to_pipe(...) \
	(mmref_running()->iter_to_pipe(__VA_ARGS__))
#define generic_pipe_buf_get(...) \
	(mmref_running()->generic_pipe_buf_get(__VA_ARGS__))
#define link_pipe(...) \
	(mmref_running()->link_pipe(__VA_ARGS__))
#define page_cache_pipe_buf_release(...) \
	(mmref_running()->page_cache_pipe_buf_release(__VA_ARGS__))
#define vm_normal_page(...) \
	(mmref_running()->vm_normal_page(__VA_ARGS__))

#endif
