#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every scenario is as it expects, completely explored, with the states and steps written in
# scenarios.expected: a change of these figures is a change of what was explored.
set -u
mmref=$1 source=$2
expected=$source/tests/explore/scenarios.expected
passed=0 failed=0

cd "$source" || exit 1
said=$("$mmref" run --json sim/scenarios)
status=$?
[ $status -eq 0 ] || { echo "run ended with status $status"; failed=$((failed + 1)); }

field() {
	sed -E "s/.*\"$1\": ?\"?([^\",}]*)\"?[,}].*/\1/" <<<"$2"
}

while read -r line; do
	got="$(field scenario "$line") $(field rules "$line") $(field verdict "$line") $(field violation "$line")"
	got="$got $(field complete "$line")"
	if grep -qxF "$got" "$expected"; then
		passed=$((passed + 1))
	else
		echo "not expected: $got"
		failed=$((failed + 1))
	fi
done <<<"$said"

if [ "$(wc -l <<<"$said")" -ne "$(wc -l <"$expected")" ]; then
	echo "$(wc -l <<<"$said") verdicts, expected $(wc -l <"$expected")"
	failed=$((failed + 1))
fi

# the same figures when explored again, the clock and the memory aside
stable() {
	sed -E 's/"seconds": ?[0-9.e-]+/"seconds":0/; s/"max_rss_kb": ?[0-9]+/"max_rss_kb":0/'
}
if [ "$(stable <<<"$said")" = "$("$mmref" run --json sim/scenarios | stable)" ]; then
	passed=$((passed + 1))
else
	echo "two runs differ"
	failed=$((failed + 1))
fi

# a failing run can be explained, saved, and replayed to the same end
saved=$(mktemp)
trap 'rm -f "$saved"' EXIT
for scenario in sim/scenarios/*/*.lua; do
	for rules in v6.1 v7.2; do
		"$mmref" explain "$scenario" --rules "$rules" --save "$saved" >/dev/null 2>&1
		[ $? -eq 1 ] || continue
		"$mmref" replay "$saved" >/dev/null
		if [ $? -eq 1 ]; then
			passed=$((passed + 1))
		else
			echo "$scenario under $rules: the saved run does not replay"
			failed=$((failed + 1))
		fi
	done
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
