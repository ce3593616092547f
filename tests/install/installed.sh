#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is installed beside the programs: the catalogue and the recordings, found from anywhere; man
# pages; completion; and the symbols that leave the library, which are those of the headers.
set -u
build=$1 source=$2 compiler=$3
. "$(dirname "$0")/check.sh"

prefix=$scratch/a\ prefix
check "installing" cmake --install "$build" --prefix "$prefix"
mmref=$prefix/bin/mmref
lib=$(dirname "$(find "$prefix" -name libmmref.so)")

# --- the catalogue and the recordings -------------------------------------------------

# told WORD: the folder that mmref --version has after WORD
told() {
	"$mmref" --version | sed -n "s/^$1: //p"
}

from_root() {
	(cd / && "$mmref" "$@")
}

fails_with() {
	local status=$1
	shift
	"$@"
	[ $? -eq "$status" ]
}

rows() {
	[ "$(from_root run --rules v6.1 --max-states 1 --json | grep -c '"scenario"')" -eq \
		"$(find "$source/sim/scenarios" -name '*.lua' | wc -l)" ]
}

check "scenarios are found" [ "$(told scenarios)" = "$prefix/share/mmref/scenarios" ]
check "recordings are found" [ "$(told recordings)" = "$prefix/share/mmref/kernel" ]
check "documents are found" [ "$(told documents)" = "$prefix/share/doc/mmref" ]
check "README.md among them" [ -s "$(told documents)/README.md" ]
check "and the changelog" [ -s "$(told documents)/CHANGELOG.md" ]
check "every scenario is in the catalogue" diff -r "$source/sim/scenarios" "$(told scenarios)"
check "run without FILE takes all of them" rows
check "run takes a name" from_root run stale-pte-after-unplug
check "explain takes a name" from_root explain stale-pte-after-unplug --rules v6.1
check "conform takes the recordings" from_root conform
check "recordings of three kernels" [ "$(from_root conform | wc -l)" -eq 3 ]
mkdir "$scratch/bin"
ln -s "$mmref" "$scratch/bin/mmref"
check "by a link" fails_with 0 "$scratch/bin/mmref" conform
check "an example of the documents" from_root explain \
	"$(told documents)/docs/examples/waiter-nobody-wakes.lua" --rules v6.1

mkdir "$scratch/mine"
cp "$source"/sim/scenarios/wakeup/*.lua "$scratch/mine"
"$compiler" -shared -fPIC -I"$prefix/include" "$source/docs/examples/folio_put_wakes.c" \
	-o "$scratch/mine.so" || failed=$((failed + 1))
of_mine() {
	(cd "$scratch" && "$mmref" run --all mine --rules ./mine.so) | grep -q "$1"
}
check "a folder of one's own with --all" of_mine "$(ls "$scratch/mine" | wc -l) scenarios"
check "has the race that is closed" of_mine "closes   folio-put-wakes-nobody"

mv "$prefix/share/mmref" "$scratch/elsewhere"
check "without a catalogue" fails_with 2 from_root run
export MMREF_DATA=$scratch/elsewhere
check "MMREF_DATA" from_root conform
check "is told" [ "$(told scenarios)" = "$scratch/elsewhere/scenarios" ]
unset MMREF_DATA
mv "$scratch/elsewhere" "$prefix/share/mmref"

# --- man pages ----------------------------------------------------------------------------

man=$prefix/share/man
pages=$(find "$man" -name '*.[0-9]' | wc -l)
if [ "$pages" -eq 0 ]; then
	echo "no man pages were built"
else
	for page in "$man"/man[1-9]/*; do
		if command -v mandoc >/dev/null; then
			check "mandoc of $(basename "$page")" silent mandoc -Tlint "$page"
		fi
		if command -v man >/dev/null && command -v groff >/dev/null; then
			MANWIDTH=200 check "man of $(basename "$page")" silent sh -c \
				'LC_ALL=C man --warnings -l "$0" >/dev/null' "$page"
		fi
	done
	# a word that the page has in its source, where a minus is \-
	has() {
		sed 's/\\-/-/g' "$1" | grep -qF -- "$2"
	}
	for command in '' $("$mmref" --help | sed -nE 's/^  ([a-z]+)  .*/\1/p'); do
		for option in $("$mmref" $command --help | grep -oE -- '--[a-z][a-z-]+' | sort -u); do
			check "mmref(1) has $option of mmref $command" has "$man/man1/mmref.1" "$option"
		done
	done
	for word in device process mmap truncate before thread expect watch checkpoint geometry; do
		check "mmref-scenario(5) has $word" has "$man/man5/mmref-scenario.5" "$word"
	done
	for rules in $("$mmref" rules --json | sed -n 's/.*"rules":"\([^"]*\)".*/\1/p'); do
		check "mmref-rules(7) has $rules" has "$man/man7/mmref-rules.7" "$rules"
	done
fi

# --- symbols ----------------------------------------------------------------------------------

# The headers of the library, in the order in which they can be included.
headers() {
	echo '#include <stdarg.h>'
	echo '#include <stddef.h>'
	echo '#include <setjmp.h>'
	(cd "$prefix/include" && find mmref -name '*.h' ! -name cmocka.h | sort) |
		sed 's/.*/#include <&>/'
}

# What the headers declare under a name that begins with mmref_, no tags; and kernel functions, whose
# symbols begin with mmref_kernel_ (linux/export.h).
headers >"$scratch/headers.c"
"$compiler" -E -P -I"$prefix/include" "$scratch/headers.c" >"$scratch/headers.i" || failed=$((failed + 1))
{
	sed -E 's/"[^"]*"//g; s/\<(struct|enum|union)[[:space:]]+mmref_[a-z0-9_]+//g' "$scratch/headers.i" |
		grep -oE '\<mmref_[A-Za-z0-9_]+\>'
	grep -oE '"mmref_kernel_" *"[A-Za-z0-9_]+"' "$scratch/headers.i" | sed -E 's/.*"(.+)"/\1/'
} | sort -u >"$scratch/candidates"

# What the headers declare and somebody else defines: the undefined symbols of a file that uses it all.
undefined() {
	local name
	headers
	echo 'const void *const all[] = {'
	while read -r name; do
		echo "(const void *)&$name,"
	done <"$scratch/candidates"
	echo '};'
}
undefined >"$scratch/undefined.c"
check "every name that the headers have can be used" "$compiler" -w -I"$prefix/include" \
	-c "$scratch/undefined.c" -o "$scratch/undefined.o"
nm -u "$scratch/undefined.o" | awk '{ print $NF }' | grep '^mmref_' |
	grep -vx mmref_rules_file | sort -u >"$scratch/declared"
nm -D --defined-only "$lib/libmmref.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
	sort -u >"$scratch/exported"
check "symbols were found" [ "$(wc -l <"$scratch/exported")" -gt 100 ]
check "what is exported is what the headers declare" diff "$scratch/declared" "$scratch/exported"

version=$("$mmref" --version | sed -n 's/^mmref //p')
node=MMREF_${version%%.*}
unversioned() {
	! nm -D --defined-only "$lib/libmmref.so" | awk '$2 != "A"' | grep -v "@@$node\$"
}
check "every symbol is of $node" unversioned
check "the SONAME" sh -c 'objdump -p "$0" | grep -q "SONAME *libmmref.so.$1$"' "$lib/libmmref.so" \
	"${version%%.*}"

cat >"$scratch/version.c" <<'C'
#include <mmref/mmref.h>
#include <stdio.h>
#include <string.h>

#if MMREF_VERSION_MAJOR == 0 && MMREF_VERSION_MINOR < 1
#error too old
#endif

int main(void)
{
	char numbers[64];

	snprintf(numbers, sizeof(numbers), "%d.%d.%d", MMREF_VERSION_MAJOR, MMREF_VERSION_MINOR,
		 MMREF_VERSION_PATCH);
	puts(mmref_version());
	return strcmp(mmref_version(), MMREF_VERSION) || strcmp(numbers, MMREF_VERSION);
}
C
check "a program that asks for the version" "$compiler" "$scratch/version.c" -I"$prefix/include" \
	-L"$lib" -lmmref -Wl,-rpath,"$lib" -o "$scratch/version"
check "headers and library agree" "$scratch/version"
check "and the command" [ "$("$scratch/version")" = "$version" ]
check "and CMake" grep -qF "\"$version\"" "$lib/cmake/mmref/mmref-config-version.cmake"

# --- completion ---------------------------------------------------------------------------------

. "$prefix/share/bash-completion/completions/mmref"

# completes WHAT WANTED WORD...: after TAB at the end of the line, WANTED is offered
completes() {
	local what=$1 wanted=$2
	shift 2
	COMP_WORDS=("$mmref" "$@") COMP_CWORD=$# COMPREPLY=()
	_mmref
	check "$what" grep -qxF -- "$wanted" <(printf '%s\n' "${COMPREPLY[@]}")
}

# only WANTED... : that is all that was offered last
only() {
	check "and nothing else than $*" [ "${COMPREPLY[*]}" = "$*" ]
}

for command in $("$mmref" --help | sed -nE 's/^  ([a-z]+)  .*/\1/p'); do
	completes "the command $command" "$command" "${command:0:2}"
	for option in $("$mmref" "$command" --help | sed '1,/^$/!d' |
		grep -oE -- '\[--[a-z-]+' | tr -d '['); do
		completes "$option of $command" "$option" "$command" "${option:0:3}"
	done
done
completes "one command" replay rep
only replay
completes "one option" --max-seconds run --max-se
only --max-seconds
completes "a rule set" gunthorpe-2022 run --rules gun
completes "a rule set after a comma" old,v7.2+arbiter run --rules old,v7
completes "a rule set after =" v6.15 run --rules = v6.1
completes "a variant" v7.2/last-put-wakes-nobody run --rules v7.2/la
only v7.2/last-put-wakes-nobody
completes "a rule set to compare" popple-2023 rules v6.1 pop
completes "a strategy" portfolio run --strategy port
only portfolio
completes "a kernel" v6.12 conform --kernel v6.12
for scenario in $(cd "$prefix/share/mmref/scenarios" && ls */*.lua); do
	name=$(basename "$scenario" .lua)
	completes "the scenario $name" "$name" run "${name:0:5}"
done
cd "$scratch" || exit 1
completes "a file" mine.so run --rules min
completes "a folder" mine run min
completes "an output file" mine explain --save min
completes "no file for a number" "" run --seed min
only ""

finish
