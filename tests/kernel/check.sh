#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The recorded scenarios against the recorded kernels, row by row and outcome by outcome; and the
# comparison itself against tables in which one count, or one outcome, is not what was recorded.
set -u
mmref=$1 source=$2
recorded=$source/tests/kernel/recorded
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

conform() {
	"$mmref" conform --kernel "$1" --scenarios "$source/tests/kernel" --table "$2" --outcomes "$3"
}

check() {
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "failed: $what"
		failed=$((failed + 1))
	fi
}

# Every row and every outcome of the tables is told, and told alike.
all_equal() {
	local rows outcomes said
	rows=$(($(wc -l <"$recorded/$1.tsv") - 1))
	outcomes=$(($(wc -l <"$recorded/$1.outcomes.tsv") - 1))
	said=$(conform "$1" "$recorded/$1.tsv" "$recorded/$1.outcomes.tsv")
	status=$?
	echo "$said"
	[ $status -eq 0 ] &&
		grep -q "rows $rows / $rows equal, outcomes $outcomes / $outcomes equal" <<<"$said"
}

false_count_is_told() {
	awk -F'\t' -v OFS='\t' 'NR == 40 { $7 += 1 } { print }' "$recorded/$1.tsv" >"$scratch/rows.tsv"
	! conform "$1" "$scratch/rows.tsv" "$recorded/$1.outcomes.tsv" >/dev/null
}

false_outcome_is_told() {
	awk -F'\t' -v OFS='\t' '$4 == "truncate0" { $5 = "blocked S in nowhere" } { print }' \
		"$recorded/$1.outcomes.tsv" >"$scratch/outcomes.tsv"
	! conform "$1" "$recorded/$1.tsv" "$scratch/outcomes.tsv" >/dev/null
}

for kernel in v6.1 v6.12 v7.2; do
	check "$kernel: all rows and outcomes" all_equal $kernel
	check "$kernel: a false count" false_count_is_told $kernel
	check "$kernel: a false outcome" false_outcome_is_told $kernel
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
