#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each test that docs/invariants.md names exists: a function of tests/unit that is run, or a scenario
# that comes out under its rule set as the row has it (tests/explore/scenarios.sh finds that true).
set -u
source=$2
passed=0 failed=0
cd "$source" || exit 1

wrong() {
	echo "docs/invariants.md: $*"
	failed=$((failed + 1))
}

# The verdict of scenario $1 under $2, as a word.
verdict_of() {
	awk -v s="$1" -v r="$2" '$1 == s && $2 == r { print $4 == "null" ? $3 : $4 }' \
		tests/explore/scenarios.expected
}

# Tests of the cell $1: `name` of a function, or `name` rules of a scenario that comes to $2.
check_cell() {
	local cell=$1 wanted=$2 test name rules got

	[ -n "${cell// /}" ] || wrong "a cell is empty beside '$wanted'"
	while read -r test; do
		name=$(cut -d'`' -f2 <<<"$test") rules=$(cut -d'`' -f3 <<<"$test")
		rules=${rules// /}
		if [ -z "$rules" ]; then
			grep -qE "(unit_test|_test)(_setup_teardown)?\($name[,)]" tests/unit/*.c ||
				{ wrong "no test is named $name"; continue; }
		else
			got=$(verdict_of "$name" "$rules")
			[ "$got" = "$wanted" ] ||
				{ wrong "$name under $rules is '$got', not '$wanted'"; continue; }
		fi
		passed=$((passed + 1))
	done < <(sed 's/, `/\n`/g; s/^ *//' <<<"$cell")
}

while IFS='|' read -r _ holds told broken close _; do
	word=${told##*: } word=${word// /}
	grep -q "\"$word\"" lib/check/names.c ||
		wrong "'$word' is no violation, of:$holds"
	check_cell "$broken" "$word"
	check_cell "$close" holds
done < <(grep '^| [A-Z]' docs/invariants.md)

# Every kind of violation is what some invariant is told as.
for word in $(sed -nE 's/.*\{ "([a-z-]+)",.*/\1/p' lib/check/names.c | grep -vx none); do
	if grep -qE "\| ([a-z ]+: )?$word \|" docs/invariants.md; then
		passed=$((passed + 1))
	else
		wrong "no invariant is told as $word"
	fi
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
