/* SPDX-License-Identifier: MIT */
#include "sched/lines.h"

#include <string.h>

uint64_t differing_lines_plainly(const char *now, const char *before, unsigned int nr)
{
	uint64_t differ = 0;

	for (unsigned int i = 0; i < nr; i++, now += MEMORY_LINE, before += MEMORY_LINE)
		differ |= (uint64_t)!!memcmp(now, before, MEMORY_LINE) << i;
	return differ;
}

#ifdef __x86_64__
#include <immintrin.h>

/* Half a line at a time, and without a branch: this is what a search does most. */
static uint64_t __attribute__((target("avx2"))) differing_avx2(const char *now, const char *before,
							       unsigned int nr)
{
	const __m256i *a = (const __m256i *)now, *b = (const __m256i *)before;
	uint64_t differ = 0;

	for (unsigned int i = 0; i < nr; i++, a += 2, b += 2) {
		__m256i first = _mm256_xor_si256(a[0], b[0]);
		__m256i second = _mm256_xor_si256(a[1], b[1]);
		__m256i either = _mm256_or_si256(first, second);

		differ |= (uint64_t)!_mm256_testz_si256(either, either) << i;
	}
	return differ;
}

#endif

uint64_t differing_lines(const char *now, const char *before, unsigned int nr)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return differing_avx2(now, before, nr);
#endif
	return differing_lines_plainly(now, before, nr);
}
