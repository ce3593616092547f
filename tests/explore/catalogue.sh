#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Explores the catalogue once, completely, and compares with scenarios.expected. What mmref printed
# goes to the file $4, where other tests find it. The states and steps of scenarios.expected are
# those of gcc 12's release build, as dead values on a stack tell some equal states apart; for a
# build of another kind ($3 says which this is) only the verdicts are compared.
set -u
mmref=$1 source=$2 build=$3 out=$4
expected=$source/tests/explore/scenarios.expected
passed=0 failed=0

cd "$source" || exit 1
mkdir -p "$(dirname "$out")"
"$mmref" run --json sim/scenarios >"$out"
status=$?
if [ $status -ne 0 ]; then
	echo "run ended with status $status"
	failed=$((failed + 1))
fi

# as scenarios.expected has it: scenario, rule set, verdict, violation, complete, states, steps
case $build in
GNU-12-Release) figures=1-7 ;;
*) figures=1-5 ;;
esac
got=$(jq -r '[.scenario, .rules, .verdict, .violation, .complete, .states, .steps] |
	map(tostring) | join(" ")' "$out" | cut -d' ' -f$figures)
wanted=$(cut -d' ' -f$figures "$expected")
while IFS= read -r line; do
	case $line in
	=*) passed=$((passed + 1)) ;;
	+*) echo "not expected: ${line#+}" && failed=$((failed + 1)) ;;
	-*) echo "expected: ${line#-}" && failed=$((failed + 1)) ;;
	esac
done < <(diff --old-line-format='-%L' --new-line-format='+%L' --unchanged-line-format='=%L' \
	<(sort <<<"$wanted") <(sort <<<"$got"))

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
