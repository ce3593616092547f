#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/races.md is what docs/races.sh makes of the scenarios as they are, and says another thing of
# others: of one that breaks, one that holds, and one whose head tells another story.
set -u
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

ok() {
	passed=$((passed + 1))
}

bad() {
	echo "$*"
	failed=$((failed + 1))
}

if diff "$source/docs/races.md" <(bash "$source/docs/races.sh"); then
	ok
else
	bad "docs/races.md is not up to date: bash docs/races.sh >docs/races.md"
fi

mkdir -p "$scratch/docs" "$scratch/sim" "$scratch/tests/explore"
cp "$source/docs/races.sh" "$scratch/docs"
cp -r "$source/sim/scenarios" "$scratch/sim"

# The page where line $1 of scenarios.expected, verdict and violation, is $2.
with() {
	sed "s/^$1 [a-z]* [a-z-]* /$1 $2 /" "$source/tests/explore/scenarios.expected" \
		>"$scratch/tests/explore/scenarios.expected"
	bash "$scratch/docs/races.sh"
}

# Does the list under the heading that begins with $1 have the scenario $2?
lists() {
	awk -v heading="$1" -v name="[$2]" '
		/^#/ { inside = index($0, heading) }
		inside && index($0, name) { found = 1 }
		END { exit !found }'
}

with none none | lists 'Mended' unlink-under-pin && ok || bad "unlink-under-pin is not mended"
with 'unlink-under-pin v6.15' 'violates use-after-truncate' | lists 'Mended' unlink-under-pin &&
	bad "unlink-under-pin breaks under v6.15, and is mended" || ok
with none none | lists 'Open' stale-pte-on-xfs && bad "stale-pte-on-xfs holds, and is open" || ok
with 'stale-pte-on-xfs v7.2' 'violates use-after-unplug' | lists 'Open' stale-pte-on-xfs && ok ||
	bad "stale-pte-on-xfs breaks under v7.2, and is not open"
with 'stale-pte-on-xfs v7.2' 'violates use-after-unplug' |
	lists 'In v7.2, and not in v6.15' stale-pte-on-xfs && ok || bad "stale-pte-on-xfs is not new"

sed -i 's/^-- A file is unlinked while/-- A file is painted while/' \
	"$scratch/sim/scenarios/truncate/unlink-under-pin.lua"
with none none | grep -q 'A file is painted while its page is pinned' && ok ||
	bad "the head of a scenario is not what is told of it"

# The table of README.md has the verdicts of the catalogue.
rows=0
while IFS='|' read -r _ scenario _ v6_1 v6_12 v6_15 v7_2 _; do
	scenario=$(tr -d ' `' <<<"$scenario") rows=$((rows + 1))
	for verdict in "v6.1 $v6_1" "v6.12 $v6_12" "v6.15 $v6_15" "v7.2 $v7_2"; do
		read -r rules cell <<<"$verdict"
		[ "$(awk -v scenario="$scenario" -v rules="$rules" '$1 == scenario && $2 == rules {
			print $3 == "violates" ? $4 : $3 == "hangs" ? "unplug-hangs" : $3
		}' "$source/tests/explore/scenarios.expected")" = "$cell" ] && ok ||
			bad "README.md: $scenario under $rules is not $cell"
	done
done < <(grep -E '^\| `[a-z0-9-]+` \|' "$source/README.md")
[ $rows -eq 10 ] && ok || bad "README.md has a table of $rows races, not of ten"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
