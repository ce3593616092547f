/* SPDX-License-Identifier: MIT */
/*
 * What the words of the scenario language share while a script is read.
 *
 * A word declares an object, or makes an item: an operation, or another step.
 * An item is a value of the script; it means something only once it is placed,
 * in before, thread or steps, which copy it. An item that is never placed is an
 * error. All that is made lies in the region that the program will own, so an
 * error can be raised at any point and nothing is left behind.
 */
#ifndef SCRIPT_SCRIPT_API_H
#define SCRIPT_SCRIPT_API_H

#include "nearest.h"
#include "region.h"
#include "script_error.h"

#include <lua.h>
#include <mmref/program.h>
#include <stdbool.h>

struct op_type;

/* What Lua calls the script in its messages. */
#define SCRIPT_CHUNK	"script"

/* More than any model of a device needs, and far below the range of unsigned int. */
#define SCRIPT_MAX_PAGES	65536
#define SCRIPT_MAX_REMEMBERED	8

/* Beside the scenario's own task: MAX_ACTORS of exec/steps.c. */
#define SCRIPT_MAX_STARTED	7

/* That one get or pin can hold: HOLD_MAX of lib/ops/ops.h. */
#define SCRIPT_MAX_HELD		16

/* The byte that write() and pwrite() store by default. */
#define SCRIPT_VALUE		0x5c

/* A step, or several that belong together: a when() and its two lists. */
struct script_item {
	struct script_item *older;
	int line;
	bool placed;
	unsigned int nr;
	struct mmref_program_step step[];
};

struct script_list {
	struct mmref_program_step *step;
	unsigned int nr;
};

/* How pages come to be held, and the words for having been taken so and for giving them back. */
enum hold_way {
	HOLD_GOT,
	HOLD_PINNED,
	HOLD_REGISTERED,
	NR_HOLD_WAYS,
};

struct hold_way_words {
	const char *taken, *give_back;
};

extern const struct hold_way_words hold_ways[NR_HOLD_WAYS];

/* What is known of an object that only the reading needs. */
struct script_note {
	int line;
	bool made;		/* there is an operation that makes it */
	int given;		/* HOLD: the line of its get or pin, or 0 */
	enum mmref_op_kind by;	/* HOLD: which of them */
	unsigned int pages;	/* HOLD: that it holds */
	int given_back[NR_HOLD_WAYS];	/* HOLD: the line where, or 0 */
};

struct script {
	struct lua_State *lua;
	struct region *region;
	struct mmref_program *program;
	struct script_error error;
	char word[64];			/* the word at work, "map:read", or "" */
	size_t lua_bytes;		/* that Lua has now */
	int starved;			/* the line where it was last denied more, or 0 */
	int last_line;			/* that was run */
	volatile int late;		/* its CPU time is over: watchdog.h */
	int expect_line;
	int steps_line;
	struct script_note note[MMREF_MAX_OBJECTS];
	const char *remembered[SCRIPT_MAX_REMEMBERED];	/* names of pages */
	unsigned int nr_remembered;
	struct script_item *items;	/* newest first */
};

static inline struct script *script_of(struct lua_State *lua)
{
	return *(struct script **)lua_getextraspace(lua);
}

/* --- a word at work: args.c ---------------------------------------------- */

/* @word, of an object of kind @on where that is not NULL, has been called. */
struct script *script_begin(struct lua_State *lua, const char *on, const char *word);
/* @size zeroed bytes of the program. */
void *script_alloc(struct script *script, size_t size);
const char *script_copy(struct script *script, const char *text);

/* What the value at @index is, for people: "a map", "nothing". */
const char *script_describe(struct lua_State *lua, int index);

/*
 * Arguments. @what names the argument in an error; a value that does not fit
 * is an error.
 */
unsigned int script_number(struct script *script, int index, const char *what, unsigned int min,
			   unsigned int max);
/* A name or label: some text on one line, copied. */
const char *script_text(struct script *script, int index, const char *what);
int script_object(struct script *script, int index, const char *what, enum mmref_object_kind kind);
/* There are at most @nr arguments. */
void script_no_more(struct script *script, int nr);

enum option_type {
	OPTION_NUMBER,	/* unsigned int, from min to max */
	OPTION_FLAG,	/* bool */
	OPTION_TEXT,	/* const char * */
	OPTION_OBJECT,	/* int: an object of the kind */
};

/* A key that a table of options may have, and the member of a struct that it sets. */
struct option {
	const char *key;
	enum option_type type;
	bool required;
	size_t offset;
	unsigned int min, max;
	enum mmref_object_kind kind;
};

/* The table at @index sets members of @out; the last of @options has no key. */
void script_options(struct script *script, int index, const struct option *options, void *out);

/* --- objects: objects.c -------------------------------------------------- */

void script_add_objects(struct lua_State *lua);
/* "file", "map", ... */
const char *object_kind_name(enum mmref_object_kind kind);
/* "fsdax", "private", ... */
const char *device_type_name(enum mmref_device_type type);
/* A new object of @kind that belongs to @of, not yet on Lua's stack. */
int script_new_object(struct script *script, enum mmref_object_kind kind, int of);
/* The object at @index of Lua's stack, of any kind, or -1. */
int script_to_object(struct lua_State *lua, int index);
/* The locals of the function @at are what the script calls its objects. */
void script_name_objects(struct script *script, lua_Debug *at);

/* Give @op the text that reports call it by: op_format.c. */
void script_say_operation(struct script *script, struct mmref_op *op);

/* --- items: items.c ------------------------------------------------------ */

void script_add_items(struct lua_State *lua);
/* A new item of @nr steps, left on Lua's stack. */
struct script_item *script_new_item(struct script *script, unsigned int nr);
/* The item at @index that is one operation and nothing else. */
struct script_item *script_operation(struct script *script, int index, const char *what);
/* The items of the list at @index are placed: their steps, one after the other. */
struct script_list script_place(struct script *script, int index);
/* The same where nothing but operations may stand. */
struct mmref_ops script_place_ops(struct script *script, int index);

/* --- operations: ops.c, holds.c ------------------------------------------ */

/* The function that makes the operation @word of objects of @kind is pushed, if there is one. */
bool script_push_operation(struct lua_State *lua, enum mmref_object_kind kind, const char *word);
void script_nearest_operation(struct nearest *nearest, enum mmref_object_kind kind);
/* The operations that are called without an object, in the table on top of Lua's stack. */
void script_add_operations(struct lua_State *lua);
void script_nearest_word(struct nearest *nearest);
/* The function of the operation @type, which the script calls @word: makes its item. */
int script_operate(struct lua_State *lua, const struct op_type *type, const char *word);
/* The hold called @name, which is made where it is not there yet. */
int script_hold(struct script *script, const char *name);
/* The script releases a hold with @op under the name @word: check.c looks if that is right. */
void script_note_release(struct script *script, const struct mmref_op *op, const char *word);

/* --- words that stand by themselves -------------------------------------- */

struct script_word {
	const char *name;
	lua_CFunction function;
};

/* Each list ends with a NULL name. */
extern const struct script_word object_words[];
extern const struct script_word hold_words[];
extern const struct script_word program_words[];
extern const struct script_word step_words[];

/* `holds`, which is a value and not a function. */
void script_push_holds(struct lua_State *lua);
/* The words violates and hangs; their results have a metatable of their own. */
void script_add_expectations(struct lua_State *lua);

/* --- Lua's own functions: library.c ---------------------------------------- */

/* The functions of Lua that a script gets, in the table on top of Lua's stack. */
void script_add_library(struct lua_State *lua);

/* --- the whole: check.c --------------------------------------------------- */

/* The script has run: report an error if it built no complete program. */
void script_check(struct script *script);

#endif
