/* SPDX-License-Identifier: MIT */
/*
 * Small random programs over everything a step can be: atomics, locks, waits,
 * read sections, page counts and page table entries. A program is named by its
 * seed, and is the same wherever it is made.
 */
#ifndef TESTS_RANDOM_PROGRAMS_H
#define TESTS_RANDOM_PROGRAMS_H

#include "sched/sim.h"

/* The program of @seed, its threads added; under v7.2 or v6.1 as the seed has it. */
struct mmref_sim *random_program(uint64_t seed);
/* Two or three of its threads are one another's equals. */
struct mmref_sim *random_twins(uint64_t seed);
/* They only look it: once they are under way they do different things. */
struct mmref_sim *random_false_twins(uint64_t seed);

#endif
