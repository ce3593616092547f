/* SPDX-License-Identifier: MIT */
/* Devices, files, processes, maps and pipes: the words that declare them. */
#include "script_api.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_name[] = {
	[MMREF_DEVICE]	= "device",
	[MMREF_FILE]	= "file",
	[MMREF_PROCESS]	= "process",
	[MMREF_MAP]	= "map",
	[MMREF_PIPE]	= "pipe",
	[MMREF_HOLD]	= "hold",
};

const char *object_kind_name(enum mmref_object_kind kind)
{
	return kind_name[kind];
}

/* A name for an object whose own is not known: "file", then "file 2". */
static const char *made_up_name(struct script *script, enum mmref_object_kind kind)
{
	const struct mmref_program *program = script->program;
	unsigned int nr = 1;
	char name[32];

	for (unsigned int i = 0; i < program->nr_objects; i++)
		nr += program->object[i].kind == kind;

	snprintf(name, sizeof(name), nr > 1 ? "%s %u" : "%s", kind_name[kind], nr);
	return script_copy(script, name);
}

int script_new_object(struct script *script, enum mmref_object_kind kind, int of)
{
	struct mmref_program *program = script->program;
	int number = (int)program->nr_objects;
	const char *name;

	if (number == MMREF_MAX_OBJECTS)
		script_error(script, "this is object %d; a scenario has at most %d, holds included",
			     number + 1, MMREF_MAX_OBJECTS);

	name = made_up_name(script, kind);
	program->nr_objects++;
	program->object[number] = (struct mmref_object) {
		.kind	= kind,
		.name	= name,
		.of	= of,
		.file	= -1,
		.device	= -1,
		.parent	= -1,
	};
	script->note[number].line = script_line(script->lua);
	return number;
}

/* The object @number is left on Lua's stack. */
static int push_object(struct script *script, int number)
{
	struct lua_State *lua = script->lua;

	*(int *)lua_newuserdatauv(lua, sizeof(int), 0) = number;
	luaL_setmetatable(lua, kind_name[script->program->object[number].kind]);
	return 1;
}

int script_to_object(struct lua_State *lua, int index)
{
	int *number = NULL;

	for (int kind = MMREF_DEVICE; kind < MMREF_HOLD && !number; kind++)
		number = luaL_testudata(lua, index, kind_name[kind]);
	return number ? *number : -1;
}

void script_name_objects(struct script *script, lua_Debug *at)
{
	struct lua_State *lua = script->lua;
	const char *name;
	int number;

	for (int i = 1; (name = lua_getlocal(lua, at, i)); i++) {
		number = script_to_object(lua, -1);
		/* Lua's own, "(temporary)" and the like, are no names. */
		if (number >= 0 && name[0] != '(')
			script->program->object[number].name = script_copy(script, name);
		lua_pop(lua, 1);
	}
}

/* The object that @word is called on with a colon. */
static int receiver(struct script *script, enum mmref_object_kind kind)
{
	int number = script_to_object(script->lua, 1);

	if (number < 0 || script->program->object[number].kind != kind)
		script_error(script, "it belongs to a %s, and this is %s; call it with a colon",
			     kind_name[kind], script_describe(script->lua, 1));
	return number;
}

struct device_options {
	const char *type;
	const char *fs;
	unsigned int pages;
	bool keeps;
};

static enum mmref_file_system file_system(struct script *script, const char *name)
{
	static const char *const names[] = {
		[MMREF_EXT4] = "ext4",
		[MMREF_XFS] = "xfs",
		[MMREF_EXT2] = "ext2",
		[MMREF_FUSE] = "fuse",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return (enum mmref_file_system)i;
	script_error(script,
		     "unknown fs '%.40s'; the file systems are 'ext4', 'xfs', 'ext2' and 'fuse'",
		     name);
}

static const char *const device_types[] = {
	[MMREF_FSDAX]	 = "fsdax",
	[MMREF_DEVDAX]	 = "devdax",
	[MMREF_PRIVATE]	 = "private",
	[MMREF_COHERENT] = "coherent",
	[MMREF_P2PDMA]	 = "p2pdma",
};

#define NR_DEVICE_TYPES	(sizeof(device_types) / sizeof(*device_types))

const char *device_type_name(enum mmref_device_type type)
{
	return device_types[type];
}

static enum mmref_device_type device_type(struct script *script, const char *name)
{
	for (size_t i = 0; i < NR_DEVICE_TYPES; i++)
		if (strcmp(device_types[i], name) == 0)
			return (enum mmref_device_type)i;
	script_error(script, "unknown type '%.40s'; the types are 'fsdax', 'devdax', 'private', "
		     "'coherent' and 'p2pdma'", name);
}

/* device { type = "fsdax", fs = "xfs", pages = 4 }, device { type = "private", ... } */
static int device(struct lua_State *lua)
{
	static const struct option options[] = {
		{ "type", OPTION_TEXT, .required = true,
		  .offset = offsetof(struct device_options, type) },
		{ "fs", OPTION_TEXT, .offset = offsetof(struct device_options, fs) },
		{ "pages", OPTION_NUMBER, .required = true, .min = 1, .max = SCRIPT_MAX_PAGES,
		  .offset = offsetof(struct device_options, pages) },
		{ "keeps", OPTION_FLAG, .offset = offsetof(struct device_options, keeps) },
		{ .key = NULL },
	};
	struct script *script = script_begin(lua, NULL, "device");
	struct device_options is = { 0 };
	enum mmref_device_type type;
	int number;

	script_options(script, 1, options, &is);
	script_no_more(script, 1);
	type = device_type(script, is.type);
	if (is.keeps && type != MMREF_PRIVATE && type != MMREF_COHERENT)
		script_error(script, "a '%s' evicts nothing anyway; 'keeps' is for 'private' and "
			     "'coherent'", is.type);
	if (is.fs && type != MMREF_FSDAX)
		script_error(script, "'fs' is given, and a device of type '%s' has no file system; "
			     "leave it out, or make the type 'fsdax'", is.type);

	number = script_new_object(script, MMREF_DEVICE, -1);
	script->program->object[number].pages = is.pages;
	script->program->object[number].type = type;
	script->program->object[number].keeps = is.keeps;
	if (is.fs)
		script->program->object[number].fs = file_system(script, is.fs);
	return push_object(script, number);
}

/* Files that are there from the start must fit into @device together. */
static void check_room(struct script *script, int device, unsigned int pages)
{
	const struct mmref_program *program = script->program;
	unsigned int left = program->object[device].pages;

	for (unsigned int i = 0; i < program->nr_objects; i++) {
		if (program->object[i].kind == MMREF_FILE && program->object[i].of == device &&
		    !program->object[i].later)
			left -= program->object[i].pages;
	}
	if (pages > left)
		script_error(script, "the device has %u pages left for it; "
			     "give fewer, or create it with later = true", left);
}

struct file_options {
	unsigned int pages;
	unsigned int fill;
	bool later;
};

/* device:file { pages = 4, fill = 0xa1, later = true } */
static int file(struct lua_State *lua)
{
	static const struct option options[] = {
		{ "pages", OPTION_NUMBER, .required = true, .min = 1, .max = SCRIPT_MAX_PAGES,
		  .offset = offsetof(struct file_options, pages) },
		{ "fill", OPTION_NUMBER, .max = 255,
		  .offset = offsetof(struct file_options, fill) },
		{ "later", OPTION_FLAG, .offset = offsetof(struct file_options, later) },
		{ .key = NULL },
	};
	struct script *script = script_begin(lua, "device", "file");
	struct file_options is = { 0 };
	int on = receiver(script, MMREF_DEVICE);
	unsigned int room = script->program->object[on].pages;
	struct mmref_object *object;
	int number;

	script_options(script, 2, options, &is);
	script_no_more(script, 2);
	if (script->program->object[on].type > MMREF_DEVDAX)
		script_error(script, "a '%s' has no files; make it on a device of type 'fsdax' or "
			     "'devdax'", device_types[script->program->object[on].type]);
	if (is.pages > room)
		script_error(script, "'pages' is %u; the device has %u", is.pages, room);
	if (!is.later)
		check_room(script, on, is.pages);

	number = script_new_object(script, MMREF_FILE, on);
	object = &script->program->object[number];
	object->later = is.later;
	object->pages = is.pages;
	object->fill = (uint8_t)is.fill;
	return push_object(script, number);
}

/* process() */
static int process(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "process");

	script_no_more(script, 0);
	return push_object(script, script_new_object(script, MMREF_PROCESS, -1));
}

/* process:child(): what child:fork() will make of it. */
static int child(struct lua_State *lua)
{
	struct script *script = script_begin(lua, "process", "child");
	int parent = receiver(script, MMREF_PROCESS);
	int number;

	script_no_more(script, 1);
	number = script_new_object(script, MMREF_PROCESS, parent);
	script->program->object[number].later = true;
	return push_object(script, number);
}

struct map_options {
	int file;
	int device;
	bool anon;
	unsigned int first;
	unsigned int pages;
	unsigned int shift;
	bool private;
	bool later;
};

/* Of a file: which of its pages. */
static void check_file_map(struct script *script, struct map_options *is)
{
	unsigned int size = script->program->object[is->file].pages;

	if (is->first >= size)
		script_error(script, "page %u is outside the file; its pages are 0 to %u",
			     is->first, size - 1);
	if (!is->pages)
		is->pages = size - is->first;
	if (is->pages > size - is->first)
		script_error(script,
			     "pages %u to %u are not all in the file; its pages are 0 to %u",
			     is->first, is->first + is->pages - 1, size - 1);
}

/* Of no file: anonymous memory, or a PCI BAR's, which comes as the kernel has it. */
static void check_memory_map(struct script *script, const struct map_options *is)
{
	const struct mmref_object *object = script->program->object;

	if (is->anon == (is->device >= 0))
		script_error(script, "what is mapped is %s; give one of { file = ... }, "
			     "{ device = ... } and { anon = true }", is->anon ? "two things" :
			     "missing");
	if (is->device >= 0 && object[is->device].type != MMREF_P2PDMA)
		script_error(script, "a '%s' is not mapped as it is; give a device of type 'p2pdma'",
			     device_types[object[is->device].type]);
	if (!is->pages)
		script_error(script, "'pages' is missing; give { pages = ... }");
	if (is->device >= 0 && is->pages > object[is->device].pages)
		script_error(script, "'pages' is %u; the device has %u", is->pages,
			     object[is->device].pages);
	if (is->first || is->shift || is->private)
		script_error(script, "'first', 'shift' and 'private' are for maps of a file; "
			     "leave them out");
}

/*
 * process:mmap { file = file, first = 0, pages = 4, shift = 1, private = true, later = true },
 * or { anon = true, pages = 4 }, or { device = p2pdma, pages = 4 }
 */
static int mmap(struct lua_State *lua)
{
	static const struct option options[] = {
		{ "file", OPTION_OBJECT, .kind = MMREF_FILE,
		  .offset = offsetof(struct map_options, file) },
		{ "device", OPTION_OBJECT, .kind = MMREF_DEVICE,
		  .offset = offsetof(struct map_options, device) },
		{ "anon", OPTION_FLAG, .offset = offsetof(struct map_options, anon) },
		{ "first", OPTION_NUMBER, .max = SCRIPT_MAX_PAGES,
		  .offset = offsetof(struct map_options, first) },
		{ "pages", OPTION_NUMBER, .min = 1, .max = SCRIPT_MAX_PAGES,
		  .offset = offsetof(struct map_options, pages) },
		{ "private", OPTION_FLAG, .offset = offsetof(struct map_options, private) },
		{ "shift", OPTION_NUMBER, .max = 1,
		  .offset = offsetof(struct map_options, shift) },
		{ "later", OPTION_FLAG, .offset = offsetof(struct map_options, later) },
		{ .key = NULL },
	};
	struct script *script = script_begin(lua, "process", "mmap");
	int in = receiver(script, MMREF_PROCESS);
	struct map_options is = { .file = -1, .device = -1 };
	struct mmref_object *object;
	int number;

	script_options(script, 2, options, &is);
	script_no_more(script, 2);

	if (is.file >= 0 && (is.anon || is.device >= 0))
		script_error(script, "what is mapped is two things; give one of { file = ... }, "
			     "{ device = ... } and { anon = true }");
	if (is.file >= 0)
		check_file_map(script, &is);
	else
		check_memory_map(script, &is);
	object = script->program->object;
	if (!is.later && ((is.file >= 0 && object[is.file].later) || object[in].later))
		script_error(script, "its %s is made later; map it with later = true",
			     object[in].later ? "process" : "file");

	number = script_new_object(script, MMREF_MAP, in);
	object = &script->program->object[number];
	object->later = is.later;
	object->file = is.file;
	object->device = is.device;
	object->first = is.first;
	object->shift = is.shift;
	object->copy_on_write = is.private;
	object->pages = is.pages;
	return push_object(script, number);
}

/* map:in_child(child): what the child has there after the fork. */
static int in_child(struct lua_State *lua)
{
	struct script *script = script_begin(lua, "map", "in_child");
	struct mmref_object *object = script->program->object;
	int map = receiver(script, MMREF_MAP);
	int process = script_object(script, 2, "the child", MMREF_PROCESS);
	int number;

	script_no_more(script, 2);
	if (object[process].of != object[map].of)
		script_error(script, "the process is no child of the one that has the map; "
			     "give one that its process:child() made");

	for (number = 0; number < (int)script->program->nr_objects; number++) {
		if (object[number].parent == map && object[number].of == process)
			return push_object(script, number);
	}

	number = script_new_object(script, MMREF_MAP, process);
	object[number].later = true;
	object[number].parent = map;
	object[number].file = object[map].file;
	object[number].device = object[map].device;
	object[number].first = object[map].first;
	object[number].pages = object[map].pages;
	return push_object(script, number);
}

/* pipe() */
static int pipe(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "pipe");

	script_no_more(script, 0);
	return push_object(script, script_new_object(script, MMREF_PIPE, -1));
}

const struct script_word object_words[] = {
	{ "device", device },
	{ "process", process },
	{ "pipe", pipe },
	{ .name = NULL },
};

/* Words of objects that make other objects; mmap is an operation too, of maps. */
static const struct {
	enum mmref_object_kind on;
	const char *name;
	lua_CFunction function;
} declarations[] = {
	{ MMREF_DEVICE, "file", file },
	{ MMREF_PROCESS, "child", child },
	{ MMREF_PROCESS, "mmap", mmap },
	{ MMREF_MAP, "in_child", in_child },
};

#define NR_DECLARATIONS	(sizeof(declarations) / sizeof(*declarations))

/* object.word */
static int object_index(struct lua_State *lua)
{
	struct script *script = script_of(lua);
	enum mmref_object_kind kind = script->program->object[script_to_object(lua, 1)].kind;
	const char *word = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?";
	struct nearest nearest;

	script->word[0] = '\0';
	nearest_begin(&nearest, word);
	for (size_t i = 0; i < NR_DECLARATIONS; i++) {
		if (declarations[i].on != kind)
			continue;
		if (strcmp(declarations[i].name, word) == 0) {
			lua_pushcfunction(lua, declarations[i].function);
			return 1;
		}
		nearest_try(&nearest, declarations[i].name);
	}
	if (script_push_operation(lua, kind, word))
		return 1;

	script_nearest_operation(&nearest, kind);
	script_error(script, "a %s has no '%.40s'; %s", kind_name[kind], word,
		     nearest_hint(&nearest));
}

void script_add_objects(struct lua_State *lua)
{
	for (int kind = MMREF_DEVICE; kind < MMREF_HOLD; kind++) {
		luaL_newmetatable(lua, kind_name[kind]);
		lua_pushcfunction(lua, object_index);
		lua_setfield(lua, -2, "__index");
		lua_pop(lua, 1);
	}
}
