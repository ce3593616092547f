/* SPDX-License-Identifier: MIT */
/* Which search a checkpoint belongs to, and at which addresses it ran. */
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "explore/checkpoint.h"

static struct fingerprint as_fingerprint(XXH128_hash_t hash)
{
	return (struct fingerprint){ .low = hash.low64, .high = hash.high64 };
}

void checkpoint_words(const struct mmref_checkpoint *checkpoint,
		      const char *words[CHECKPOINT_WORDS])
{
	words[0] = checkpoint->version ? checkpoint->version : "";
	words[1] = checkpoint->scenario ? checkpoint->scenario : "";
	words[2] = checkpoint->rules ? checkpoint->rules : "";
}

struct fingerprint checkpoint_content(const struct mmref_checkpoint *checkpoint)
{
	return as_fingerprint(XXH3_128bits(checkpoint->content, checkpoint->content_size));
}

/* The vDSO is mapped below the environment, whose size varies; no world points into it. */
static bool is_kernels(const struct dl_phdr_info *object)
{
	return object->dlpi_addr == getauxval(AT_SYSINFO_EHDR);
}

/*
 * AddressSanitizer refuses to read what lies between the variables of a program, so its checks are
 * left out here. Volatile: a call of memcpy() would be checked.
 */
static void __attribute__((noinline, no_sanitize_address))
add_words(XXH3_state_t *state, const void *start, size_t size)
{
	const volatile uint64_t *word = start;
	uint64_t copy[512];

	for (size_t left = size / sizeof(*word); left;) {
		size_t nr = left < 512 ? left : 512;

		for (size_t i = 0; i < nr; i++)
			copy[i] = *word++;
		XXH3_128bits_update(state, copy, nr * sizeof(*copy));
		left -= nr;
	}
}

static int add_object(struct dl_phdr_info *object, size_t size, void *state)
{
	(void)size;
	if (is_kernels(object))
		return 0;
	XXH3_128bits_update(state, &object->dlpi_addr, sizeof(object->dlpi_addr));
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && part->p_flags & PF_R && !(part->p_flags & PF_W))
			add_words(state, (char *)object->dlpi_addr + part->p_vaddr,
				  part->p_memsz);
	}
	return 0;
}

struct fingerprint checkpoint_layout(const struct mmref_sim *sim)
{
	XXH3_state_t state;

	XXH3_128bits_reset(&state);
	dl_iterate_phdr(add_object, &state);
	XXH3_128bits_update(&state, sim->root, sim->root_used);
	return as_fingerprint(XXH3_128bits_digest(&state));
}
