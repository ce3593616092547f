#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Twelve bugs of Linux that were fixed, brought back by rule files. bugs.tsv names them. Each file is
# built against the installed headers alone. Of each bug:
#   * the scenario beside the file holds under the kernel that the file builds on
#   * it comes to the violation of bugs.tsv under the file
#   * it holds under a file that replaces the same functions by calls of the kernel's own
#   * the scenario of sim/scenarios that bugs.tsv names comes to another verdict under the file
set -u
mmref=$1 source=$2
build=$(dirname "$(dirname "$mmref")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

fail() {
	echo "failed: $*"
	failed=$((failed + 1))
}

# expect WHAT WANTED GOT
expect() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		fail "$1: expected $2, got $3"
	fi
}

# verdict SCENARIO RULES: "holds", the violation, or what mmref complains of
verdict() {
	"$mmref" run "$1" --rules "$2" --json >"$scratch/json" 2>"$scratch/err"
	sed -nE 's/.*"verdict":"([^"]*)","violation":"?([^",]*)"?,.*/\1 \2/p' "$scratch/json" |
		sed 's/^violates //; s/^hangs //; s/ null$//' | grep . || head -n 1 "$scratch/err"
}

# build FILE OUT: as a user of the installed headers does, C or C++
build() {
	local compiler=(cc)

	[[ $1 == *.cc ]] && compiler=(c++ -std=c++17 -Wno-missing-field-initializers)
	"${compiler[@]}" -shared -fPIC -Wall -Wextra -Werror -I"$scratch/prefix/include" "$1" -o "$2"
}

# A rule file that replaces the functions of the one named $1, and has each call what it replaces.
unbugged() {
	local base
	base=$(sed -nE 's/.*\.ancestor = &(mmref_[a-z0-9_]+),.*/\1/p' "$1")
	echo '#include <mmref/kernel.h>'
	sed -nE 's/^static (.*[ *])\(([a-z0-9_]+)\)\(.*/\2/p' "$1" | while read -r name; do
		awk -v name="$name" -v base="$base" '
			index($0, "FUNCTION(") == 1 {
				split($0, part, ", ?")
				inside = part[3] == name
				returns = part[2]; text = ""
				next
			}
			inside && /^\t "/ {
				# "(parameters)," and "(arguments)," in one or several lines
				gsub(/[ \t\n]+/, " ", text)
				at = index(text, "), (")
				parameters = substr(text, 1, at)
				arguments = substr(text, at + 3)
				sub(/,? *$/, "", arguments)
				printf "static %s (%s)%s\n{\n\t%sMMREF_AS(%s, %s)%s;\n}\n", returns,
				       name, parameters, returns == "void" ? "" : "return ",
				       base, name, arguments
				exit
			}
			inside { text = text $0 "\n" }' "$scratch/prefix/include/mmref/functions.def"
	done
	echo "MMREF_RULES_FILE(.name = \"unbugged\", .ancestor = &$base"
	sed -nE 's/^static (.*[ *])\(([a-z0-9_]+)\)\(.*/\2/p' "$1" | sed 's/.*/, .& = &/'
	echo ');'
}

if ! cmake --install "$build" --prefix "$scratch/prefix" >"$scratch/log" 2>&1; then
	cat "$scratch/log"
	fail "the headers cannot be installed"
fi

rows=0
while IFS=$'\t' read -r number name base violation catalogue; do
	[[ $number == \#* ]] && continue
	rows=$((rows + 1))
	file=$(ls "$source/tests/rules/$name".c* 2>/dev/null)
	mkdir -p "$scratch/$number"
	so=$scratch/$number/$name.so same=$scratch/$number/same.so
	if ! build "$file" "$so"; then
		fail "$name: $file does not build"
		continue
	fi
	expect "$name under $base" holds "$(verdict "$source/tests/rules/$name.lua" "$base")"
	expect "$name with the bug" "$violation" "$(verdict "$source/tests/rules/$name.lua" "$so")"
	unbugged "$file" >"$scratch/$number/same.c"
	if [[ $file == *.cc ]]; then
		mv "$scratch/$number/same.c" "$scratch/$number/same.cc"
	fi
	if build "$scratch/$number"/same.c* "$same"; then
		expect "$name under a file without the bug" holds \
			"$(verdict "$source/tests/rules/$name.lua" "$same")"
	else
		fail "$name: a file without the bug does not build"
	fi
	of_base=$(verdict "$(ls "$source"/sim/scenarios/*/"$catalogue.lua")" "$base")
	with_bug=$(verdict "$(ls "$source"/sim/scenarios/*/"$catalogue.lua")" "$so")
	[[ $with_bug =~ ^[a-z-]+$ ]] || fail "$catalogue with the bug of $name: $with_bug"
	if [ "$of_base" != "$with_bug" ]; then
		passed=$((passed + 1))
	else
		fail "$catalogue notices nothing of $name: $of_base with the bug and without"
	fi
done <"$source/tests/rules/bugs.tsv"
expect "bugs of bugs.tsv" 12 "$rows"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
