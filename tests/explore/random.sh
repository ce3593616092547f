#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs by chance find nothing that the search of all states does not find, find most of what
# it finds, are the same from the same seed, and can be replayed.
set -u
mmref=$1 source=$2
passed=0 failed=0

cd "$source" || exit 1

check() {
	local name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "FAILED  $name"
		failed=$((failed + 1))
	fi
}

# A line for each kind of violation found: scenario, rules, violation
kinds() {
	"$mmref" run --json --rules "$rules" "$@" sim/scenarios 2>/dev/null | awk '
		match($0, /"violations":\[[^]]*/) {
			list = substr($0, RSTART + 14, RLENGTH - 14)
			match($0, /"scenario":"[^"]*"/); scenario = substr($0, RSTART + 12, RLENGTH - 13)
			match($0, /"rules":"[^"]*"/); rules = substr($0, RSTART + 9, RLENGTH - 10)
			n = split(list, kind, ",")
			for (i = 1; i <= n; i++)
				print scenario, rules, kind[i]
		}' | sort
}

is_empty() { [ -z "$1" ]; }
are_most() { [ $((100 * $(wc -l <<<"$1"))) -ge $(($2 * $(wc -l <<<"$all"))) ]; }

rules=old,new
all=$(kinds)
check "something is found" [ "$(wc -l <<<"$all")" -gt 50 ]

for strategy in random:50 pct:80 pos:80 surw:70 portfolio:80; do
	share=${strategy#*:} strategy=${strategy%:*}
	found=$(kinds --strategy "$strategy" --runs 1000)
	echo "$strategy: $(wc -l <<<"$found") of $(wc -l <<<"$all") kinds in 1000 runs each"
	check "$strategy finds nothing that is not there" is_empty "$(comm -13 <(echo "$all") <(echo "$found"))"
	check "$strategy finds $share of a hundred" are_most "$found" "$share"
done

# what two runs say, but for the clock and the memory
said() {
	"$mmref" run --json sim/scenarios/unplug --rules old --strategy "$1" --seed "$2" --runs 50 |
		sed -E 's/"seconds": ?[0-9.e-]+//; s/"max_rss_kb": ?[0-9]+//; s/"seed": ?[0-9]+//'
}
for strategy in random pct pos surw portfolio; do
	check "$strategy: the same from one seed" [ "$(said $strategy 3)" = "$(said $strategy 3)" ]
	check "$strategy: another seed is heard" [ "$(said $strategy 3)" != "$(said $strategy 4)" ]
done

saved=$(mktemp)
trap 'rm -f "$saved"' EXIT
replays() {
	"$mmref" explain "$1" --rules old --strategy "$2" --save "$saved" >/dev/null &&
		"$mmref" replay "$saved" >/dev/null
}
for strategy in random pct pos surw portfolio; do
	check "a run found by $strategy can be replayed" \
		replays sim/scenarios/unplug/stale-pte-after-unplug.lua $strategy
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
