#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The files of sim/explore, sim/cli and sim/report depend on each other in one direction only, and
# the folders of lib use only what is below them.
#
# A file here is a .c file together with the .h file of the same name. It depends on each file that
# it includes, and on each file that defines a function or table it uses. tsort prints each circle.
#
# A file of lib may use its own folder and those before it in lib_order. lib/check uses all folders
# but rules; these use check_headers and nothing else of it, rules all of it. The functions that
# check_headers and the kernel API of include/mmref/linux declare are open to all.
set -u
source=$2
export LC_ALL=C
lib_order="kernel mm fs drivers arch io_uring ops rules"
check_headers="check/hooks.h"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# Prints the names of the functions that the headers $1... declare.
declared() {
	cat "$@" | grep -E '^[[:alpha:]].*\(' | sed -E 's/^([^(]*[^[:alnum:]_(])?([[:alnum:]_]+)\(.*/\2/'
}

# The pairs "file file", user and used, of the files below the folders $2... of $1. A call of a
# function that the file "open" of the scratch directory lists counts as no use.
dependencies() {
	local root=$1

	shift
	(cd "$root" && find "$@" -name '*.[ch]' | sort) | awk -v root="$root/" -v open="$scratch/open" '
	# @text without comments, strings and character constants.
	function strip(text,	out, rest) {
		while (match(text, /\/\*|\/\/|"|\047/)) {
			out = out substr(text, 1, RSTART - 1) " "
			rest = substr(text, RSTART)
			if (substr(rest, 1, 2) == "/*")
				text = substr(rest, index(substr(rest, 3), "*/") + 4)
			else if (substr(rest, 1, 2) == "//")
				text = substr(rest, index(rest, "\n"))
			else if (match(rest, /^"(\\.|[^"\\])*"/) ||
				 match(rest, /^\047(\\.|[^\047\\])*\047/))
				text = substr(rest, RLENGTH + 1)
			else
				text = substr(rest, 2)
		}
		return out text
	}

	# Kernel style: "type name(arguments)" begins in the first column, and "{" stands alone.
	# A table: "const struct command command_run = {".
	function find_definitions(unit, text,	line, nr, i, head, name) {
		nr = split(text, line, "\n")
		for (i = 1; i <= nr; i++) {
			if (line[i] ~ /^\{/ && match(head, /[A-Za-z_][A-Za-z_0-9]*\(/)) {
				define(unit, substr(head, RSTART, RLENGTH - 1), head)
				head = ""
			} else if (line[i] ~ /^[A-Za-z_].* = \{$/) {
				name = line[i]
				sub(/(\[[^]]*\])* = \{$/, "", name)
				sub(/^.*[ *]/, "", name)
				define(unit, name, line[i])
			} else if (line[i] ~ /^[A-Za-z_]/) {
				head = line[i]
			} else if (line[i] ~ /^[}#]/) {
				head = ""
			}
		}
	}

	function define(unit, name, head) {
		if (head ~ /^static/)
			own[unit, name] = 1
		else
			definer[name] = unit
	}

	# Names of members do not count.
	function find_uses(unit, text,	name, before) {
		while (match(text, /[A-Za-z_][A-Za-z_0-9]*/)) {
			name = substr(text, RSTART, RLENGTH)
			before = RSTART > 2 ? substr(text, RSTART - 2, 2) : ""
			text = substr(text, RSTART + RLENGTH)
			if (name in definer && definer[name] != unit && !((unit, name) in own) &&
			    !(name in open_to_all) && before !~ /(\.|->)$/)
				pair[unit " " definer[name]] = 1
		}
	}

	BEGIN {
		while ((getline line < open) > 0)
			open_to_all[line] = 1
	}

	{
		unit = $0
		sub(/\.[ch]$/, "", unit)
		units[unit] = 1
		text = ""
		while ((getline line < (root $0)) > 0) {
			if (match(line, /^#include "[^"]*\.h"/))
				include[unit " " substr(line, RSTART + 10, RLENGTH - 13)] = 1
			text = text line "\n"
		}
		close(root $0)
		if (/\.c$/) {
			body[unit] = strip(text)
			find_definitions(unit, body[unit])
		}
	}

	END {
		for (unit in body)
			find_uses(unit, body[unit])
		for (edge in include) {
			split(edge, end, " ")
			if (end[2] in units && end[1] != end[2])
				pair[edge] = 1
		}
		for (edge in pair)
			print edge
	}'
}

# Do the files below $2... of $1 form no circle?
no_circle() {
	local name=$1 root=$2

	shift 2
	dependencies "$root" "$@" | sort >"$scratch/pairs"
	if [ -s "$scratch/pairs" ] && tsort "$scratch/pairs" >/dev/null 2>"$scratch/circles"; then
		echo "ok      $name: $(wc -l <"$scratch/pairs") dependencies, no circle"
		passed=$((passed + 1))
		return 0
	fi
	echo "FAILED  $name:"
	cat "$scratch/circles"
	failed=$((failed + 1))
	return 1
}

# Those pairs of $1 that go against lib_order, as "FILE uses FILE".
against_order() {
	awk -v order="$lib_order" -v headers="$check_headers" '
	BEGIN {
		nr = split(order, name, " ")
		for (i = 1; i <= nr; i++)
			rank[name[i]] = i
		nr = split(headers, name, " ")
		for (i = 1; i <= nr; i++) {
			sub(/\.h$/, "", name[i])
			open_to_all[name[i]] = 1
		}
	}

	function is_against(from, to) {
		if (from == to)
			return 0
		if (from == "check")
			return to == "rules"
		if (to == "check")
			return from != "rules"
		return rank[to] > rank[from]
	}

	{
		from = $1
		to = $2
		sub(/\/.*/, "", from)
		sub(/\/.*/, "", to)
		if (!($2 in open_to_all) && is_against(from, to))
			print "  " $1 " uses " $2
	}' "$1"
}

# Do the folders $2... of $1 depend on each other in the order of lib_order?
is_in_order() {
	local name=$1 root=$2

	shift 2
	dependencies "$root" "$@" | sort >"$scratch/pairs"
	if ! against_order "$scratch/pairs" >"$scratch/against"; then
		echo "FAILED  $name: awk failed"
		failed=$((failed + 1))
		return 1
	fi
	if [ -s "$scratch/pairs" ] && [ ! -s "$scratch/against" ]; then
		echo "ok      $name: $(wc -l <"$scratch/pairs") dependencies, all in the order"
		passed=$((passed + 1))
		return 0
	fi
	echo "FAILED  $name: against the order of $lib_order"
	failed=$((failed + 1))
	cat "$scratch/against"
	return 1
}

# The check itself: a circle of three files, one dependency an include and two of them calls.
a_circle_is_found() {
	mkdir -p "$scratch/lib/x"
	printf '#include "x/b.h"\nint a(void)\n{\n\treturn 0;\n}\n' >"$scratch/lib/x/a.c"
	printf 'int c(void);\n' >"$scratch/lib/x/b.h"
	printf '#include "x/b.h"\nint b(void)\n{\n\treturn c();\n}\n' >"$scratch/lib/x/b.c"
	printf 'static int b(void)\n{\n\treturn /* a() */ 0;\n}\n\nint c(void)\n{\n\treturn b();\n}\n' \
		>"$scratch/lib/x/c.c"
	no_circle "files without a circle" "$scratch/lib" x
	printf 'int c(void)\n{\n\treturn a();\n}\n' >"$scratch/lib/x/c.c"
	if (no_circle "" "$scratch/lib" x) >"$scratch/found"; then
		echo "FAILED  a circle is not found"
		failed=$((failed + 1))
	else
		echo "ok      a circle of $(grep -c 'x/' "$scratch/found") files is found"
		passed=$((passed + 1))
	fi
}

# mm calls what fs defines, and takes a header of check that is not open to all. A hook is.
a_wrong_order_is_found() {
	mkdir -p "$scratch/order/mm" "$scratch/order/fs" "$scratch/order/check"
	printf 'int in_fs(void)\n{\n\treturn 0;\n}\n' >"$scratch/order/fs/f.c"
	printf '' >"$scratch/order/check/shape.h"
	printf 'int hook(void);\n' >"$scratch/order/check/hooks.h"
	printf 'int hook(void)\n{\n\treturn 0;\n}\n' >"$scratch/order/check/ledger.c"
	printf '#include "check/hooks.h"\n#include "check/shape.h"\nint m(void)\n{\n\treturn in_fs() + hook();\n}\n' \
		>"$scratch/order/mm/m.c"
	declared "$scratch/order/check/hooks.h" >"$scratch/open"
	(is_in_order "" "$scratch/order" mm fs check) >"$scratch/found"
	if [ "$(grep '^  ' "$scratch/found" | xargs)" = "mm/m uses check/shape mm/m uses fs/f" ]; then
		echo "ok      two uses against the order are found"
		passed=$((passed + 1))
	else
		echo "FAILED  uses against the order are not found"
		failed=$((failed + 1))
	fi
}

: >"$scratch/open"
a_circle_is_found
a_wrong_order_is_found
: >"$scratch/open"
no_circle "sim/explore, sim/cli, sim/report" "$source/sim" explore cli report
for header in $check_headers; do
	declared "$source/lib/$header"
done >"$scratch/open"
declared "$source"/include/mmref/linux/*.h >>"$scratch/open"
is_in_order lib "$source/lib" $lib_order check

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
