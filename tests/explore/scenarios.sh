#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The catalogue comes out the same when it is explored again, by several processes, by executions
# instead of states, and with each step checked; each failing run can be saved and replayed. The file
# $4 has what catalogue.sh found. Repetitions take two of the rule sets each.
set -u
mmref=$1 source=$2 catalogue=$4
expected=$source/tests/explore/scenarios.expected
passed=0 failed=0

cd "$source" || exit 1
[ -s "$catalogue" ] || { echo "there is no $catalogue: run the test 'catalogue' first"; exit 1; }
said=$(cat "$catalogue")
. tests/explore/catalogue_rows.sh

# the same figures when explored again, the clock and the memory aside
stable() {
	sed -E 's/"seconds": ?[0-9.e-]+/"seconds":0/; s/"max_rss_kb": ?[0-9]+/"max_rss_kb":0/'
}
again=v6.12,v7.2
if [ "$(of_rules $again | stable)" = \
	"$("$mmref" run --json --rules $again $(files_under $again) | stable)" ]; then
	passed=$((passed + 1))
else
	echo "two runs differ"
	failed=$((failed + 1))
fi

# what one has come to is finished only for itself: several processes leave out fewer steps
without_steps() {
	stable | sed -E 's/"(collision|steps|executions)": ?[0-9.e-]+/"\1":0/g'
}

# These have symmetric threads, whose number of states depends on the order in which several
# processes reach them (docs/search.md). --no-symmetry tells the threads apart.
symmetric=(
	baseline/gup-fast-against-truncate baseline/one-walk-three-truncates
	baseline/three-munmaps-three-truncates baseline/three-tails-three-truncates
	baseline/three-walks-three-truncates wakeup/entry-goes-under-two-waiters
	wakeup/write-under-two-faults
)
names=$(printf '|%s' "${symmetric[@]##*/}")

without_some_states() {
	without_steps | sed -E '/"scenario": ?"('"${names#|}"')"/s/"states": ?[0-9]+/"states":0/'
}

check_alike() {
	if [ "$1" = "$2" ]; then
		passed=$((passed + 1))
	else
		echo "three processes find something else than one:"
		diff <(cat <<<"$1") <(cat <<<"$2")
		failed=$((failed + 1))
	fi
}

# the same verdicts and states when several processes explore
several=v6.1,v6.15
check_alike "$(of_rules $several | without_some_states)" \
	"$("$mmref" run --json --jobs 3 --rules $several $(files_under $several) | without_some_states)"
for name in baseline/gup-fast-against-truncate wakeup/entry-goes-under-two-waiters; do
	apart=(run --json --no-symmetry --rules "v6.1,v7.2" "sim/scenarios/$name.lua")
	check_alike "$("$mmref" "${apart[@]}" | without_steps)" \
		"$("$mmref" "${apart[@]}" --jobs 3 | without_steps)"
done

# the same when executions are explored instead of states, where that comes to an end: the largest
# left out, of nine in ten
told() {
	sed -nE '/"complete":true/s/.*("scenario":"[^"]*").*("rules":.*"violations":[^]]*\]).*/\1 \2/p' | sort
}
dpor=$("$mmref" run --json --strategy dpor --jobs 2 --max-seconds 2 \
	sim/scenarios/[!b]* sim/scenarios/baseline/[!t]* | told)
if [ "$(wc -l <<<"$dpor")" -ge $(($(grep -vc '^three-' "$expected") * 9 / 10)) ] &&
	[ -z "$(comm -13 <(told <<<"$said") - <<<"$dpor")" ]; then
	passed=$((passed + 1))
else
	echo "of $(wc -l <<<"$dpor") explored, told otherwise by dpor:"
	comm -13 <(told <<<"$said") - <<<"$dpor"
	failed=$((failed + 1))
fi

# each step touches no more than it announces, and leads to one state: those without the largest
if said_wrong=$("$mmref" run --check-determinism --quiet sim/scenarios/[!b]* 2>&1) &&
	[ -z "$said_wrong" ]; then
	passed=$((passed + 1))
else
	echo "not deterministic, or not announced: $said_wrong"
	failed=$((failed + 1))
fi

# a failing run can be explained, saved, and replayed to the same end
saved=$(mktemp)
trap 'rm -f "$saved"' EXIT
for scenario in sim/scenarios/*/*.lua; do
	for rules in v6.1 popple-2023 v7.2; do
		grep -q "^$(basename "$scenario" .lua) $rules violates" "$expected" || continue
		if "$mmref" explain "$scenario" --rules "$rules" --save "$saved" >/dev/null &&
			"$mmref" replay "$saved" >/dev/null; then
			passed=$((passed + 1))
		else
			echo "$scenario under $rules: the saved run does not replay"
			failed=$((failed + 1))
		fi
	done
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
