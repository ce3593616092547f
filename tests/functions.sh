#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The list of kernel functions is what it says: its calls and its index are up to date, each entry is
# a function of Linux in the file that it names, no rule set has a switch beside functions, and the
# functions of lib/ that take steps bear the names of kernel functions.
#
# Where Linux is looked up: /usr/src/linux-source-* as Debian's packages unpack or pack it, or the
# trees named in $MMREF_LINUX (separated by colons). Without any that part is skipped, and says so.
set -u
mmref=$1 source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0
cd "$source" || exit 1

ok() { passed=$((passed + 1)); }
bad() {
	echo "$*"
	failed=$((failed + 1))
}

same() {
	if diff "$1" "$2" >"$scratch/diff"; then ok; else
		bad "$1 is not up to date: $3"
		head -5 "$scratch/diff"
	fi
}

cmake/dispatch.sh >"$scratch/dispatch.h"
same include/mmref/linux/dispatch.h "$scratch/dispatch.h" \
	"cmake/dispatch.sh >include/mmref/linux/dispatch.h"
bash docs/functions.sh "$mmref" >"$scratch/functions.md"
same docs/functions.md "$scratch/functions.md" "bash docs/functions.sh MMREF >docs/functions.md"

"$mmref" rules --functions --json >"$scratch/list"
[ "$(wc -l <"$scratch/list")" -gt 100 ] && ok || bad "the list has fewer than 100 functions"

# Nothing but functions, names and what a rule set builds on stands in the table.
awk '/^struct mmref_rules \{/,/^\};/' include/mmref/rules.h |
	grep -E '^[[:space:]]+(bool|int|unsigned|long)[[:space:]]' >"$scratch/switches"
[ -s "$scratch/switches" ] && bad "struct mmref_rules has a switch: $(cat "$scratch/switches")" || ok

# Each entry: "name file". One that no rule set has, or that is ALIKE and DIFFERS at once, is idle.
jq -r '[.function, .file] | @tsv' "$scratch/list" >"$scratch/entries"
jq -r 'select((.alike | not) and (.bodies | length) == 0) | .function' "$scratch/list" >"$scratch/idle"
[ -s "$scratch/idle" ] && bad "no rule set has a body of: $(tr '\n' ' ' <"$scratch/idle")" || ok
sort "$scratch/entries" | uniq -d >"$scratch/twice"
[ -s "$scratch/twice" ] && bad "listed twice: $(cat "$scratch/twice")" || ok

# --- the trees of Linux ---------------------------------------------------------------------------

trees=()
IFS=: read -ra named <<<"${MMREF_LINUX:-}"
for tree in "${named[@]}" /usr/src/linux-source-*; do
	if [ -d "$tree/mm" ]; then
		trees+=("$tree")
	elif [ -f "$tree" ]; then
		unpacked=$scratch/linux-$(basename "$tree" .tar.xz)
		mkdir "$unpacked"
		tar -C "$unpacked" --strip-components=1 -xf "$tree" --wildcards '*/mm/*.[ch]' '*/fs/*.[ch]' \
			'*/drivers/dax/*' '*/drivers/nvdimm/*' '*/drivers/pci/*.c' '*/lib/*.c' '*/block/*.c' \
			'*/include/linux/*.h' '*/kernel/*.c' '*/io_uring/*' '*/arch/x86/*.[ch]' 2>/dev/null
		trees+=("$unpacked")
	fi
done

# Is function or system call $1 defined in file $2 of a tree?
in_linux() {
	for tree in "${trees[@]}"; do
		[ -f "$tree/$2" ] &&
			grep -qE "(^|[^[:alnum:]_.>])$1\(|^SYSCALL_DEFINE[0-9]\($1," "$tree/$2" && return 0
	done
	return 1
}

if [ ${#trees[@]} -eq 0 ]; then
	echo "skipped: no Linux source package is installed, so names are not looked up in one"
	skipped=1
else
	echo "looking names up in ${trees[*]##*/}"
	while IFS=$'\t' read -r name file; do
		if in_linux "$name" "$file" || grep -qP "^$name\t$file\t" tests/kernel/elsewhere.tsv; then
			ok
		else
			bad "$name() is in no $file of these"
		fi
	done <"$scratch/entries"
fi

# --- the functions of lib/ that take steps ----------------------------------------------------------

# Known: those of the list, of tests/kernel/names.tsv (name, file of the kernel) and of
# tests/kernel/elsewhere.tsv. The model's own are in tests/kernel/own.tsv: name, file, reason.
"$(dirname "$mmref")/../tests/sites" | grep -P '\tlib/' | sort -u >"$scratch/steps"
cut -f1 "$scratch/entries" tests/kernel/names.tsv tests/kernel/elsewhere.tsv | grep -v '^#' | sort -u >"$scratch/known"
cut -f1,2 tests/kernel/own.tsv | grep -v '^#' | sort -u >"$scratch/own"
awk -F'\t' 'NR == FNR { known[$1] = 1; next } !($1 in known)' "$scratch/known" "$scratch/steps" \
	>"$scratch/unknown"
comm -23 "$scratch/unknown" "$scratch/own" >"$scratch/unlisted"
[ -s "$scratch/unlisted" ] &&
	bad "takes steps, is no kernel function, and tests/kernel/own.tsv has no reason: $(cat "$scratch/unlisted")" || ok
comm -13 "$scratch/unknown" "$scratch/own" >"$scratch/stale"
[ -s "$scratch/stale" ] && bad "tests/kernel/own.tsv lists what takes no steps: $(cat "$scratch/stale")" || ok
nr=$(wc -l <"$scratch/steps") own=$(wc -l <"$scratch/unknown")
echo "$((nr - own)) of $nr functions that take steps bear a kernel name"
[ $((own * 20)) -le "$nr" ] && ok || bad "fewer than 95 of 100"
if [ ${#trees[@]} -gt 0 ]; then
	while IFS=$'\t' read -r name file; do
		case $name in '#'*) continue ;; esac
		in_linux "$name" "$file" && ok || bad "names.tsv: $name() is in no $file of these"
	done <tests/kernel/names.tsv
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
