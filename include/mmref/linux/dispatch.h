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

#define dax_entry_waitqueue(...) \
	(mmref_running()->dax_entry_waitqueue(__VA_ARGS__))
#define dax_wake_entry(...) \
	(mmref_running()->dax_wake_entry(__VA_ARGS__))
#define get_next_unlocked_entry(...) \
	(mmref_running()->get_next_unlocked_entry(__VA_ARGS__))
#define wait_entry_unlocked_exclusive(...) \
	(mmref_running()->wait_entry_unlocked_exclusive(__VA_ARGS__))
#define wait_entry_unlocked(...) \
	(mmref_running()->wait_entry_unlocked(__VA_ARGS__))
#define put_unlocked_entry(...) \
	(mmref_running()->put_unlocked_entry(__VA_ARGS__))
#define dax_unlock_entry(...) \
	(mmref_running()->dax_unlock_entry(__VA_ARGS__))
#define dax_lock_entry(...) \
	(mmref_running()->dax_lock_entry(__VA_ARGS__))
#define dax_mapping_is_cow(...) \
	(mmref_running()->dax_mapping_is_cow(__VA_ARGS__))
#define dax_mapping_set_cow(...) \
	(mmref_running()->dax_mapping_set_cow(__VA_ARGS__))
#define dax_page_is_shared(...) \
	(mmref_running()->dax_page_is_shared(__VA_ARGS__))
#define dax_page_share_get(...) \
	(mmref_running()->dax_page_share_get(__VA_ARGS__))
#define dax_page_share_put(...) \
	(mmref_running()->dax_page_share_put(__VA_ARGS__))
#define dax_folio_is_shared(...) \
	(mmref_running()->dax_folio_is_shared(__VA_ARGS__))
#define dax_folio_make_shared(...) \
	(mmref_running()->dax_folio_make_shared(__VA_ARGS__))
#define dax_folio_reset_order(...) \
	(mmref_running()->dax_folio_reset_order(__VA_ARGS__))
#define dax_folio_put(...) \
	(mmref_running()->dax_folio_put(__VA_ARGS__))
#define dax_folio_init(...) \
	(mmref_running()->dax_folio_init(__VA_ARGS__))
#define dax_associate_entry(...) \
	(mmref_running()->dax_associate_entry(__VA_ARGS__))
#define dax_disassociate_entry(...) \
	(mmref_running()->dax_disassociate_entry(__VA_ARGS__))
#define dax_busy_page(...) \
	(mmref_running()->dax_busy_page(__VA_ARGS__))
#define dax_lock_mapping_entry(...) \
	(mmref_running()->dax_lock_mapping_entry(__VA_ARGS__))
#define dax_unlock_mapping_entry(...) \
	(mmref_running()->dax_unlock_mapping_entry(__VA_ARGS__))
#define grab_mapping_entry(...) \
	(mmref_running()->grab_mapping_entry(__VA_ARGS__))
#define dax_layout_busy_page_range(...) \
	(mmref_running()->dax_layout_busy_page_range(__VA_ARGS__))
#define dax_layout_busy_page(...) \
	(mmref_running()->dax_layout_busy_page(__VA_ARGS__))
#define __dax_invalidate_entry(...) \
	(mmref_running()->__dax_invalidate_entry(__VA_ARGS__))
#define __dax_clear_dirty_range(...) \
	(mmref_running()->__dax_clear_dirty_range(__VA_ARGS__))
#define dax_delete_mapping_entry(...) \
	(mmref_running()->dax_delete_mapping_entry(__VA_ARGS__))
#define dax_delete_mapping_range(...) \
	(mmref_running()->dax_delete_mapping_range(__VA_ARGS__))
#define wait_page_idle(...) \
	(mmref_running()->wait_page_idle(__VA_ARGS__))
#define wait_page_idle_uninterruptible(...) \
	(mmref_running()->wait_page_idle_uninterruptible(__VA_ARGS__))
#define dax_break_layout(...) \
	(mmref_running()->dax_break_layout(__VA_ARGS__))
#define dax_break_layout_final(...) \
	(mmref_running()->dax_break_layout_final(__VA_ARGS__))
#define dax_invalidate_mapping_entry_sync(...) \
	(mmref_running()->dax_invalidate_mapping_entry_sync(__VA_ARGS__))
#define copy_cow_page_dax(...) \
	(mmref_running()->copy_cow_page_dax(__VA_ARGS__))
#define dax_insert_entry(...) \
	(mmref_running()->dax_insert_entry(__VA_ARGS__))
#define dax_writeback_one(...) \
	(mmref_running()->dax_writeback_one(__VA_ARGS__))
#define dax_writeback_mapping_range(...) \
	(mmref_running()->dax_writeback_mapping_range(__VA_ARGS__))
#define dax_iomap_direct_access(...) \
	(mmref_running()->dax_iomap_direct_access(__VA_ARGS__))
#define dax_iomap_copy_around(...) \
	(mmref_running()->dax_iomap_copy_around(__VA_ARGS__))
#define dax_load_hole(...) \
	(mmref_running()->dax_load_hole(__VA_ARGS__))
#define dax_pmd_load_hole(...) \
	(mmref_running()->dax_pmd_load_hole(__VA_ARGS__))
#define dax_iomap_iter(...) \
	(mmref_running()->dax_iomap_iter(__VA_ARGS__))
#define dax_iomap_rw(...) \
	(mmref_running()->dax_iomap_rw(__VA_ARGS__))
#define dax_fault_cow_page(...) \
	(mmref_running()->dax_fault_cow_page(__VA_ARGS__))
#define dax_fault_iter(...) \
	(mmref_running()->dax_fault_iter(__VA_ARGS__))
#define dax_iomap_pte_fault(...) \
	(mmref_running()->dax_iomap_pte_fault(__VA_ARGS__))
#define dax_fault_check_fallback(...) \
	(mmref_running()->dax_fault_check_fallback(__VA_ARGS__))
#define dax_iomap_pmd_fault(...) \
	(mmref_running()->dax_iomap_pmd_fault(__VA_ARGS__))
#define dax_iomap_fault(...) \
	(mmref_running()->dax_iomap_fault(__VA_ARGS__))
#define dax_page_is_idle(...) \
	(mmref_running()->dax_page_is_idle(__VA_ARGS__))
#define truncate_folio_batch_exceptionals(...) \
	(mmref_running()->truncate_folio_batch_exceptionals(__VA_ARGS__))
#define truncate_inode_pages_range(...) \
	(mmref_running()->truncate_inode_pages_range(__VA_ARGS__))
#define truncate_inode_pages_final(...) \
	(mmref_running()->truncate_inode_pages_final(__VA_ARGS__))
#define truncate_pagecache(...) \
	(mmref_running()->truncate_pagecache(__VA_ARGS__))
#define truncate_pagecache_range(...) \
	(mmref_running()->truncate_pagecache_range(__VA_ARGS__))
#define invalidate_inode_pages2_range(...) \
	(mmref_running()->invalidate_inode_pages2_range(__VA_ARGS__))
#define mf_dax_kill_procs(...) \
	(mmref_running()->mf_dax_kill_procs(__VA_ARGS__))
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
#define gup_fast_folio_allowed(...) \
	(mmref_running()->gup_fast_folio_allowed(__VA_ARGS__))
#define follow_page_pte(...) \
	(mmref_running()->follow_page_pte(__VA_ARGS__))
#define follow_huge_pmd(...) \
	(mmref_running()->follow_huge_pmd(__VA_ARGS__))
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
#define gup_must_unshare(...) \
	(mmref_running()->gup_must_unshare(__VA_ARGS__))
#define follow_devmap_pmd(...) \
	(mmref_running()->follow_devmap_pmd(__VA_ARGS__))
#define vmf_insert_pfn_pmd(...) \
	(mmref_running()->vmf_insert_pfn_pmd(__VA_ARGS__))
#define insert_pfn_pmd(...) \
	(mmref_running()->insert_pfn_pmd(__VA_ARGS__))
#define vmf_insert_folio_pmd(...) \
	(mmref_running()->vmf_insert_folio_pmd(__VA_ARGS__))
#define insert_pmd(...) \
	(mmref_running()->insert_pmd(__VA_ARGS__))
#define copy_huge_pmd(...) \
	(mmref_running()->copy_huge_pmd(__VA_ARGS__))
#define zap_huge_pmd(...) \
	(mmref_running()->zap_huge_pmd(__VA_ARGS__))
#define zap_huge_pmd_folio(...) \
	(mmref_running()->zap_huge_pmd_folio(__VA_ARGS__))
#define __split_huge_pmd_locked(...) \
	(mmref_running()->__split_huge_pmd_locked(__VA_ARGS__))
#define __split_huge_pmd(...) \
	(mmref_running()->__split_huge_pmd(__VA_ARGS__))
#define put_devmap_managed_folio_refs(...) \
	(mmref_running()->put_devmap_managed_folio_refs(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define put_page(...) \
	(mmref_running()->put_page(MMREF_FIRST_2(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define folio_put(...) \
	(mmref_running()->folio_put(MMREF_FIRST_2(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define folio_put_refs(...) \
	(mmref_running()->folio_put_refs(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define folio_mapcount(...) \
	(mmref_running()->folio_mapcount(__VA_ARGS__))
#define folio_reset_order(...) \
	(mmref_running()->folio_reset_order(__VA_ARGS__))
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
#define link_pipe(...) \
	(mmref_running()->link_pipe(__VA_ARGS__))
#define page_cache_pipe_buf_release(...) \
	(mmref_running()->page_cache_pipe_buf_release(__VA_ARGS__))
#define generic_pipe_buf_get(...) \
	(mmref_running()->generic_pipe_buf_get(__VA_ARGS__))
#define vm_normal_page(...) \
	(mmref_running()->vm_normal_page(__VA_ARGS__))
#define vm_normal_page_pmd(...) \
	(mmref_running()->vm_normal_page_pmd(__VA_ARGS__))
#define copy_nonpresent_pte(...) \
	(mmref_running()->copy_nonpresent_pte(__VA_ARGS__))
#define copy_present_ptes(...) \
	(mmref_running()->copy_present_ptes(__VA_ARGS__))
#define copy_pte_range(...) \
	(mmref_running()->copy_pte_range(__VA_ARGS__))
#define copy_page_range(...) \
	(mmref_running()->copy_page_range(__VA_ARGS__))
#define zap_present_ptes(...) \
	(mmref_running()->zap_present_ptes(__VA_ARGS__))
#define zap_nonpresent_ptes(...) \
	(mmref_running()->zap_nonpresent_ptes(__VA_ARGS__))
#define zap_pte_range(...) \
	(mmref_running()->zap_pte_range(__VA_ARGS__))
#define zap_pmd_range(...) \
	(mmref_running()->zap_pmd_range(__VA_ARGS__))
#define unmap_page_range(...) \
	(mmref_running()->unmap_page_range(__VA_ARGS__))
#define unmap_mapping_range_tree(...) \
	(mmref_running()->unmap_mapping_range_tree(__VA_ARGS__))
#define unmap_mapping_pages(...) \
	(mmref_running()->unmap_mapping_pages(__VA_ARGS__))
#define unmap_mapping_range(...) \
	(mmref_running()->unmap_mapping_range(__VA_ARGS__))
#define validate_page_before_insert(...) \
	(mmref_running()->validate_page_before_insert(__VA_ARGS__))
#define insert_page_into_pte_locked(...) \
	(mmref_running()->insert_page_into_pte_locked(__VA_ARGS__))
#define insert_page(...) \
	(mmref_running()->insert_page(__VA_ARGS__))
#define vm_insert_page(...) \
	(mmref_running()->vm_insert_page(__VA_ARGS__))
#define insert_pfn(...) \
	(mmref_running()->insert_pfn(__VA_ARGS__))
#define vmf_insert_mixed(...) \
	(mmref_running()->vmf_insert_mixed(__VA_ARGS__))
#define vmf_insert_mixed_mkwrite(...) \
	(mmref_running()->vmf_insert_mixed_mkwrite(__VA_ARGS__))
#define vmf_insert_page_mkwrite(...) \
	(mmref_running()->vmf_insert_page_mkwrite(__VA_ARGS__))
#define wp_page_reuse(...) \
	(mmref_running()->wp_page_reuse(__VA_ARGS__))
#define wp_page_copy(...) \
	(mmref_running()->wp_page_copy(__VA_ARGS__))
#define wp_pfn_shared(...) \
	(mmref_running()->wp_pfn_shared(__VA_ARGS__))
#define wp_can_reuse_anon_folio(...) \
	(mmref_running()->wp_can_reuse_anon_folio(__VA_ARGS__))
#define do_wp_page(...) \
	(mmref_running()->do_wp_page(__VA_ARGS__))
#define do_swap_page(...) \
	(mmref_running()->do_swap_page(__VA_ARGS__))
#define do_anonymous_page(...) \
	(mmref_running()->do_anonymous_page(__VA_ARGS__))
#define finish_fault(...) \
	(mmref_running()->finish_fault(__VA_ARGS__))
#define do_cow_fault(...) \
	(mmref_running()->do_cow_fault(__VA_ARGS__))
#define handle_pte_fault(...) \
	(mmref_running()->handle_pte_fault(__VA_ARGS__))
#define __handle_mm_fault(...) \
	(mmref_running()->__handle_mm_fault(__VA_ARGS__))
#define handle_mm_fault(...) \
	(mmref_running()->handle_mm_fault(__VA_ARGS__))
#define tlb_flush_rmaps(...) \
	(mmref_running()->tlb_flush_rmaps(__VA_ARGS__))
#define tlb_flush_mmu(...) \
	(mmref_running()->tlb_flush_mmu(__VA_ARGS__))
#define tlb_finish_mmu(...) \
	(mmref_running()->tlb_finish_mmu(__VA_ARGS__))
#define split_huge_pmd(...) \
	(mmref_running()->split_huge_pmd(__VA_ARGS__))
#define folio_add_file_rmap_pte(...) \
	(mmref_running()->folio_add_file_rmap_pte(__VA_ARGS__))
#define folio_dup_file_rmap_pte(...) \
	(mmref_running()->folio_dup_file_rmap_pte(__VA_ARGS__))
#define folio_remove_rmap_pte(...) \
	(mmref_running()->folio_remove_rmap_pte(__VA_ARGS__))
#define folio_add_file_rmap_pmd(...) \
	(mmref_running()->folio_add_file_rmap_pmd(__VA_ARGS__))
#define folio_remove_rmap_pmd(...) \
	(mmref_running()->folio_remove_rmap_pmd(__VA_ARGS__))
#define folio_add_new_anon_rmap(...) \
	(mmref_running()->folio_add_new_anon_rmap(__VA_ARGS__))
#define page_vma_mkclean_one(...) \
	(mmref_running()->page_vma_mkclean_one(__VA_ARGS__))
#define pfn_mkclean_range(...) \
	(mmref_running()->pfn_mkclean_range(__VA_ARGS__))
#define rmap_walk_anon(...) \
	(mmref_running()->rmap_walk_anon(__VA_ARGS__))
#define try_to_migrate_one(...) \
	(mmref_running()->try_to_migrate_one(__VA_ARGS__))
#define try_to_migrate(...) \
	(mmref_running()->try_to_migrate(__VA_ARGS__))
#define page_vma_mapped_walk(...) \
	(mmref_running()->page_vma_mapped_walk(__VA_ARGS__))
#define remove_migration_pte(...) \
	(mmref_running()->remove_migration_pte(__VA_ARGS__))
#define remove_migration_ptes(...) \
	(mmref_running()->remove_migration_ptes(__VA_ARGS__))
#define migration_entry_wait(...) \
	(mmref_running()->migration_entry_wait(__VA_ARGS__))
#define do_mmap(...) \
	(mmref_running()->do_mmap(__VA_ARGS__))
#define mmap_region(...) \
	(mmref_running()->mmap_region(__VA_ARGS__))
#define unmap_region(...) \
	(mmref_running()->unmap_region(__VA_ARGS__))
#define do_munmap(...) \
	(mmref_running()->do_munmap(__VA_ARGS__))
#define exit_mmap(...) \
	(mmref_running()->exit_mmap(__VA_ARGS__))
#define dup_mmap(...) \
	(mmref_running()->dup_mmap(__VA_ARGS__))
#define madvise_dontneed_single_vma(...) \
	(mmref_running()->madvise_dontneed_single_vma(__VA_ARGS__))
#define prep_compound_page(...) \
	(mmref_running()->prep_compound_page(__VA_ARGS__))
#define memremap_pages(...) \
	(mmref_running()->memremap_pages(__VA_ARGS__))
#define pagemap_range(...) \
	(mmref_running()->pagemap_range(__VA_ARGS__))
#define memunmap_pages(...) \
	(mmref_running()->memunmap_pages(__VA_ARGS__))
#define pageunmap_range(...) \
	(mmref_running()->pageunmap_range(__VA_ARGS__))
#define pfn_len(...) \
	(mmref_running()->pfn_len(__VA_ARGS__))
#define dev_pagemap_percpu_release(...) \
	(mmref_running()->dev_pagemap_percpu_release(__VA_ARGS__))
#define devmap_managed_enable_get(...) \
	(mmref_running()->devmap_managed_enable_get(__VA_ARGS__))
#define devmap_managed_enable_put(...) \
	(mmref_running()->devmap_managed_enable_put(__VA_ARGS__))
#define get_dev_pagemap(...) \
	(mmref_running()->get_dev_pagemap(__VA_ARGS__))
#define get_dev_pagemap_many(...) \
	(mmref_running()->get_dev_pagemap_many(__VA_ARGS__))
#define pgmap_request_folios(...) \
	(mmref_running()->pgmap_request_folios(MMREF_FIRST_4(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define pgmap_release_folios(...) \
	(mmref_running()->pgmap_release_folios(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define free_zone_device_page(...) \
	(mmref_running()->free_zone_device_page(__VA_ARGS__))
#define free_zone_device_folio(...) \
	(mmref_running()->free_zone_device_folio(__VA_ARGS__))
#define zone_device_page_init(...) \
	(mmref_running()->zone_device_page_init(__VA_ARGS__))
#define __put_devmap_managed_page_refs(...) \
	(mmref_running()->__put_devmap_managed_page_refs(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define __put_devmap_managed_folio_refs(...) \
	(mmref_running()->__put_devmap_managed_folio_refs(MMREF_FIRST_3(__VA_ARGS__, HELD_BY_TRANSIENT, 0)))
#define put_dev_pagemap(...) \
	(mmref_running()->put_dev_pagemap(__VA_ARGS__))
#define put_dev_pagemap_many(...) \
	(mmref_running()->put_dev_pagemap_many(__VA_ARGS__))
#define memmap_init_zone_device(...) \
	(mmref_running()->memmap_init_zone_device(__VA_ARGS__))
#define memmap_init_compound(...) \
	(mmref_running()->memmap_init_compound(__VA_ARGS__))
#define __init_zone_device_page(...) \
	(mmref_running()->__init_zone_device_page(__VA_ARGS__))
#define __init_single_page(...) \
	(mmref_running()->__init_single_page(__VA_ARGS__))
#define migrate_vma_setup(...) \
	(mmref_running()->migrate_vma_setup(__VA_ARGS__))
#define migrate_vma_collect(...) \
	(mmref_running()->migrate_vma_collect(__VA_ARGS__))
#define migrate_vma_collect_hole(...) \
	(mmref_running()->migrate_vma_collect_hole(__VA_ARGS__))
#define migrate_vma_collect_pmd(...) \
	(mmref_running()->migrate_vma_collect_pmd(__VA_ARGS__))
#define migrate_vma_check_page(...) \
	(mmref_running()->migrate_vma_check_page(__VA_ARGS__))
#define migrate_device_unmap(...) \
	(mmref_running()->migrate_device_unmap(__VA_ARGS__))
#define migrate_vma_insert_page(...) \
	(mmref_running()->migrate_vma_insert_page(__VA_ARGS__))
#define __migrate_device_pages(...) \
	(mmref_running()->__migrate_device_pages(__VA_ARGS__))
#define migrate_device_pages(...) \
	(mmref_running()->migrate_device_pages(__VA_ARGS__))
#define migrate_vma_pages(...) \
	(mmref_running()->migrate_vma_pages(__VA_ARGS__))
#define __migrate_device_finalize(...) \
	(mmref_running()->__migrate_device_finalize(__VA_ARGS__))
#define migrate_device_finalize(...) \
	(mmref_running()->migrate_device_finalize(__VA_ARGS__))
#define migrate_vma_finalize(...) \
	(mmref_running()->migrate_vma_finalize(__VA_ARGS__))
#define migrate_device_range(...) \
	(mmref_running()->migrate_device_range(__VA_ARGS__))
#define migrate_device_pfn_lock(...) \
	(mmref_running()->migrate_device_pfn_lock(__VA_ARGS__))
#define migrate_device_coherent_folio(...) \
	(mmref_running()->migrate_device_coherent_folio(__VA_ARGS__))
#define kill_dax(...) \
	(mmref_running()->kill_dax(__VA_ARGS__))
#define dax_alive(...) \
	(mmref_running()->dax_alive(__VA_ARGS__))
#define dax_read_lock(...) \
	(mmref_running()->dax_read_lock(__VA_ARGS__))
#define dax_read_unlock(...) \
	(mmref_running()->dax_read_unlock(__VA_ARGS__))
#define dax_direct_access(...) \
	(mmref_running()->dax_direct_access(__VA_ARGS__))
#define fs_dax_get_by_bdev(...) \
	(mmref_running()->fs_dax_get_by_bdev(__VA_ARGS__))
#define fs_put_dax(...) \
	(mmref_running()->fs_put_dax(__VA_ARGS__))
#define dax_flush(...) \
	(mmref_running()->dax_flush(__VA_ARGS__))
#define dax_holder_notify_failure(...) \
	(mmref_running()->dax_holder_notify_failure(__VA_ARGS__))
#define kill_dev_dax(...) \
	(mmref_running()->kill_dev_dax(__VA_ARGS__))
#define check_vma(...) \
	(mmref_running()->check_vma(__VA_ARGS__))
#define dax_mmap(...) \
	(mmref_running()->dax_mmap(__VA_ARGS__))
#define dev_dax_huge_fault(...) \
	(mmref_running()->dev_dax_huge_fault(__VA_ARGS__))
#define __dev_dax_pmd_fault(...) \
	(mmref_running()->__dev_dax_pmd_fault(__VA_ARGS__))
#define dax_set_mapping(...) \
	(mmref_running()->dax_set_mapping(__VA_ARGS__))
#define pmem_attach_disk(...) \
	(mmref_running()->pmem_attach_disk(__VA_ARGS__))
#define pmem_release_disk(...) \
	(mmref_running()->pmem_release_disk(__VA_ARGS__))
#define p2pmem_alloc_mmap(...) \
	(mmref_running()->p2pmem_alloc_mmap(__VA_ARGS__))
#define p2pdma_folio_free(...) \
	(mmref_running()->p2pdma_folio_free(__VA_ARGS__))
#define pci_p2pdma_release(...) \
	(mmref_running()->pci_p2pdma_release(__VA_ARGS__))
#define pci_p2pdma_unmap_mappings(...) \
	(mmref_running()->pci_p2pdma_unmap_mappings(__VA_ARGS__))
#define dmirror_devmem_alloc_page(...) \
	(mmref_running()->dmirror_devmem_alloc_page(__VA_ARGS__))
#define dmirror_devmem_free(...) \
	(mmref_running()->dmirror_devmem_free(__VA_ARGS__))
#define dmirror_devmem_fault(...) \
	(mmref_running()->dmirror_devmem_fault(__VA_ARGS__))
#define dmirror_migrate_alloc_and_copy(...) \
	(mmref_running()->dmirror_migrate_alloc_and_copy(__VA_ARGS__))
#define dmirror_migrate_to_device(...) \
	(mmref_running()->dmirror_migrate_to_device(__VA_ARGS__))
#define dmirror_device_evict_chunk(...) \
	(mmref_running()->dmirror_device_evict_chunk(__VA_ARGS__))
#define dmirror_device_remove_chunks(...) \
	(mmref_running()->dmirror_device_remove_chunks(__VA_ARGS__))
#define dmirror_allocate_chunk(...) \
	(mmref_running()->dmirror_allocate_chunk(__VA_ARGS__))
#define sync_filesystem(...) \
	(mmref_running()->sync_filesystem(__VA_ARGS__))
#define generic_shutdown_super(...) \
	(mmref_running()->generic_shutdown_super(__VA_ARGS__))
#define freeze_super(...) \
	(mmref_running()->freeze_super(__VA_ARGS__))
#define thaw_super(...) \
	(mmref_running()->thaw_super(__VA_ARGS__))
#define fs_bdev_mark_dead(...) \
	(mmref_running()->fs_bdev_mark_dead(__VA_ARGS__))
#define del_gendisk(...) \
	(mmref_running()->del_gendisk(__VA_ARGS__))
#define __invalidate_device(...) \
	(mmref_running()->__invalidate_device(__VA_ARGS__))
#define bdev_mark_dead(...) \
	(mmref_running()->bdev_mark_dead(__VA_ARGS__))
#define ext4_dax_huge_fault(...) \
	(mmref_running()->ext4_dax_huge_fault(__VA_ARGS__))
#define ext4_iomap_begin(...) \
	(mmref_running()->ext4_iomap_begin(__VA_ARGS__))
#define ext4_wait_dax_page(...) \
	(mmref_running()->ext4_wait_dax_page(__VA_ARGS__))
#define ext4_break_layouts(...) \
	(mmref_running()->ext4_break_layouts(__VA_ARGS__))
#define ext4_setattr(...) \
	(mmref_running()->ext4_setattr(__VA_ARGS__))
#define ext4_truncate(...) \
	(mmref_running()->ext4_truncate(__VA_ARGS__))
#define ext4_punch_hole(...) \
	(mmref_running()->ext4_punch_hole(__VA_ARGS__))
#define ext4_evict_inode(...) \
	(mmref_running()->ext4_evict_inode(__VA_ARGS__))
#define ext4_zero_range(...) \
	(mmref_running()->ext4_zero_range(__VA_ARGS__))
#define ext4_collapse_range(...) \
	(mmref_running()->ext4_collapse_range(__VA_ARGS__))
#define ext4_fallocate(...) \
	(mmref_running()->ext4_fallocate(__VA_ARGS__))
#define ext4_sync_file(...) \
	(mmref_running()->ext4_sync_file(__VA_ARGS__))
#define ext2_dax_fault(...) \
	(mmref_running()->ext2_dax_fault(__VA_ARGS__))
#define ext2_setsize(...) \
	(mmref_running()->ext2_setsize(__VA_ARGS__))
#define ext2_evict_inode(...) \
	(mmref_running()->ext2_evict_inode(__VA_ARGS__))
#define xfs_filemap_huge_fault(...) \
	(mmref_running()->xfs_filemap_huge_fault(__VA_ARGS__))
#define xfs_file_fallocate(...) \
	(mmref_running()->xfs_file_fallocate(__VA_ARGS__))
#define xfs_file_fsync(...) \
	(mmref_running()->xfs_file_fsync(__VA_ARGS__))
#define xfs_file_remap_range(...) \
	(mmref_running()->xfs_file_remap_range(__VA_ARGS__))
#define xfs_read_iomap_begin(...) \
	(mmref_running()->xfs_read_iomap_begin(__VA_ARGS__))
#define xfs_direct_write_iomap_begin(...) \
	(mmref_running()->xfs_direct_write_iomap_begin(__VA_ARGS__))
#define xfs_dax_write_iomap_end(...) \
	(mmref_running()->xfs_dax_write_iomap_end(__VA_ARGS__))
#define xfs_wait_dax_page(...) \
	(mmref_running()->xfs_wait_dax_page(__VA_ARGS__))
#define xfs_break_dax_layouts(...) \
	(mmref_running()->xfs_break_dax_layouts(__VA_ARGS__))
#define xfs_break_layouts(...) \
	(mmref_running()->xfs_break_layouts(__VA_ARGS__))
#define xfs_mmaplock_two_inodes_and_break_dax_layout(...) \
	(mmref_running()->xfs_mmaplock_two_inodes_and_break_dax_layout(__VA_ARGS__))
#define xfs_inactive(...) \
	(mmref_running()->xfs_inactive(__VA_ARGS__))
#define xfs_vn_setattr_size(...) \
	(mmref_running()->xfs_vn_setattr_size(__VA_ARGS__))
#define xfs_setattr_size(...) \
	(mmref_running()->xfs_setattr_size(__VA_ARGS__))
#define xfs_vn_setattr(...) \
	(mmref_running()->xfs_vn_setattr(__VA_ARGS__))
#define xfs_flush_unmap_range(...) \
	(mmref_running()->xfs_flush_unmap_range(__VA_ARGS__))
#define xfs_free_file_space(...) \
	(mmref_running()->xfs_free_file_space(__VA_ARGS__))
#define xfs_collapse_file_space(...) \
	(mmref_running()->xfs_collapse_file_space(__VA_ARGS__))
#define xfs_reflink_remap_prep(...) \
	(mmref_running()->xfs_reflink_remap_prep(__VA_ARGS__))
#define xfs_reflink_remap_blocks(...) \
	(mmref_running()->xfs_reflink_remap_blocks(__VA_ARGS__))
#define xfs_reflink_end_cow(...) \
	(mmref_running()->xfs_reflink_end_cow(__VA_ARGS__))
#define xfs_reflink_cancel_cow_range(...) \
	(mmref_running()->xfs_reflink_cancel_cow_range(__VA_ARGS__))
#define xfs_dax_notify_failure(...) \
	(mmref_running()->xfs_dax_notify_failure(__VA_ARGS__))
#define xfs_fs_evict_inode(...) \
	(mmref_running()->xfs_fs_evict_inode(__VA_ARGS__))
#define __fuse_dax_fault(...) \
	(mmref_running()->__fuse_dax_fault(__VA_ARGS__))
#define fuse_wait_dax_page(...) \
	(mmref_running()->fuse_wait_dax_page(__VA_ARGS__))
#define __fuse_dax_break_layouts(...) \
	(mmref_running()->__fuse_dax_break_layouts(__VA_ARGS__))
#define fuse_dax_break_layouts(...) \
	(mmref_running()->fuse_dax_break_layouts(__VA_ARGS__))
#define fuse_do_setattr(...) \
	(mmref_running()->fuse_do_setattr(__VA_ARGS__))
#define fuse_fsync(...) \
	(mmref_running()->fuse_fsync(__VA_ARGS__))
#define fuse_evict_inode(...) \
	(mmref_running()->fuse_evict_inode(__VA_ARGS__))
#define ihold(...) \
	(mmref_running()->ihold(__VA_ARGS__))
#define igrab(...) \
	(mmref_running()->igrab(__VA_ARGS__))
#define iget_locked(...) \
	(mmref_running()->iget_locked(__VA_ARGS__))
#define iput(...) \
	(mmref_running()->iput(__VA_ARGS__))
#define evict(...) \
	(mmref_running()->evict(__VA_ARGS__))
#define evict_inodes(...) \
	(mmref_running()->evict_inodes(__VA_ARGS__))

#endif
