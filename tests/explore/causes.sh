#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Whom 'mmref explain' names, for a scenario of each kind of violation: word for word as
# causes.expected has it, the numbers of steps and lines of source left out (N); and each step
# that is named stands so in the run above it. With --regenerate as $4 the file is written instead.
set -u
mmref=$1 source=$2
expected=$source/tests/explore/causes.expected
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0
cd "$source" || exit 1

without_numbers() {
	sed -E 's/ at step [0-9]+/ at step N/; s/\.c:[0-9]+$/.c:N/; s/[0-9]+ steps each time/N steps each time/'
}

# Each "at step N" of the text $1: step N of the run stands at the place that the next line names.
# In the run the place may stand on the line below the step's.
stand_in_the_run() {
	awk '
		/^\[ *[0-9]+\]/ { number = $0; sub(/^\[ */, "", number); sub(/\].*/, "", number) }
		/\.c:[0-9]+$/ && !(number in place) { place[number] = $NF }
		/^who did it$/ { told = 1 }
		told && / at step [0-9]+: / { at = $0; sub(/.* at step /, "", at); sub(/:.*/, "", at)
			getline; if (!/\.c:[0-9]+$/) getline
			if (place[at] != $NF) { print "step " at " is not at " $NF; exit 1 } }' "$1"
}

explain() {
	"$mmref" explain sim/scenarios/*/"$1".lua --rules "$2" --all-steps >"$scratch/run" 2>&1
	echo "# $1 $2"
	sed -n '/^who did it$/,$p' "$scratch/run" | without_numbers
}

grep '^# ' "$expected" | while read -r _ scenario rules; do
	explain "$scenario" "$rules"
	stand_in_the_run "$scratch/run"
done >"$scratch/got"

if [ "${4-}" = --regenerate ]; then
	cp "$scratch/got" "$expected"
	exit
fi
if diff "$expected" "$scratch/got"; then
	passed=$((passed + $(grep -c '^# ' "$expected")))
else
	failed=$((failed + 1))
fi

# what holds names nobody
"$mmref" explain sim/scenarios/wakeup/folio-put-wakes-nobody.lua --rules v7.2 >"$scratch/run"
if grep -q 'who did it' "$scratch/run"; then
	echo "folio-put-wakes-nobody v7.2: names somebody, and holds"
	failed=$((failed + 1))
else
	passed=$((passed + 1))
fi

# told again from a saved run, and in JSON, it is the same
"$mmref" explain sim/scenarios/wakeup/folio-put-wakes-nobody.lua --rules v6.1 \
	--save "$scratch/saved" >"$scratch/run"
"$mmref" replay "$scratch/saved" >"$scratch/again"
if diff <(sed -n '/^who did it$/,$p' "$scratch/run") <(sed -n '/^who did it$/,$p' "$scratch/again"); then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
fi
json=$("$mmref" explain sim/scenarios/wakeup/folio-put-wakes-nobody.lua --rules v6.1 --json)
for part in '"culprit":\[{"role":"waits","task":"admin","step":0,' \
	'{"role":"gave it","task":"app","step":[0-9]+,"operation":"folio_put page","function":"' \
	'"what":"and did not wake admin"}\]'; do
	if grep -qE "$part" <<<"$json"; then
		passed=$((passed + 1))
	else
		echo "JSON without $part"
		failed=$((failed + 1))
	fi
done


# 'mmref run' names the same, and nobody where all holds
culprit() {
	sed -nE 's/.*("culprit":\[.*\]).*/\1/p'
}
ran=$("$mmref" run sim/scenarios/wakeup/folio-put-wakes-nobody.lua --rules v6.1,v7.2 --json)
if [ "$(culprit <<<"$ran")" = "$(culprit <<<"$json")"$'\n''"culprit":[]' ]; then
	passed=$((passed + 1))
else
	echo "'mmref run --json' names others than 'mmref explain --json'"
	failed=$((failed + 1))
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
