#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bench/run prints rows that can be read, and what it counts is what Rumur counts: of gup the same
# states, of ref at most 12% more.
set -u
mmref=$1 source=$2
passed=0 failed=0

cd "$source" || exit 1
if [ "$(realpath "$mmref")" != "$(realpath -m build/release/sim/mmref)" ]; then
	echo "bench/run measures the release build alone"
	exit 77
fi

expect() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		echo "FAILED  $1: '$2', not '$3'"
		failed=$((failed + 1))
	fi
}

# The whole of a row, with a peer or without.
number='[0-9]+(\.[0-9]+)?(e[-+][0-9]+)?'
head='\{"bench":"states","case":"(gup|ref) [0-9],[0-9]","metric":"states","value":'$number
row="^$head(,\"peer\":\"rumur\",\"peer_value\":$number,\"ratio\":$number)?\}\$"

rows=$(bench/run --json --only states)
expect "rows" "$(wc -l <<<"$rows")" 9
expect "rows that are not well formed" "$(grep -cvE "$row" <<<"$rows")" 0

# The figure $1 of the row of the program $2.
figure() {
	grep -F "\"case\":\"$2\"" <<<"$rows" | sed -nE "s/.*\"$1\":($number).*/\1/p"
}

for known in "gup 2,1:29" "gup 3,1:243" "gup 4,1:2310" "gup 4,2:17546" "gup 5,2:400236"; do
	expect "states of ${known%:*}" "$(figure value "${known%:*}")" "${known#*:}"
done
if command -v rumur >/dev/null; then
	for program in "gup 2,1" "gup 3,1" "gup 4,1" "gup 4,2" "gup 5,2"; do
		expect "$program against Rumur's" "$(figure ratio "$program")" 1
	done
	for program in "ref 3,1" "ref 4,1" "ref 3,2" "ref 5,2"; do
		expect "$program against Rumur's" \
			"$(awk -v r="$(figure ratio "$program")" 'BEGIN { print (r >= 1 && r <= 1.12) }')" 1
	done
fi

# What cannot be measured is refused in one line.
refused() {
	local said
	said=$(bench/run "$@" 2>&1)
	expect "status of $*" $? 2
	expect "lines of $*" "$(wc -l <<<"$said")" 1
	expect "who refuses $*" "${said%%:*}" bench/run
}
refused --only speed
refused --only
refused --relacy /nowhere
refused --genmc
refused --quickly

expect "columns of the help" "$(bench/run --help | awk 'length > 80' | wc -l)" 0

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
