/* SPDX-License-Identifier: MIT */
/* Lua scenarios to programs. Nothing of Lua runs while a program is carried out. */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include <mmref/program.h>
#include <stddef.h>

/*
 * Read the scenario in @file. On any error NULL, and in @error (of @size bytes)
 * one line "file.lua:line: what is wrong, and what would be right". The script
 * runs without io, os and package, under limits of memory, instructions and CPU time.
 */
struct mmref_program *script_load(const char *file, char *error, size_t size);
void script_free(struct mmref_program *program);

#endif
