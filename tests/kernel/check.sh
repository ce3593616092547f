#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The recorded scenarios against the recorded kernels, row by row and outcome by outcome; and the
# comparison itself against tables in which one count, one outcome or a call chain is false.
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

# Does conform print @3 of the kernel @1 with these @4 rows and @5 outcomes?
says() {
	conform "$1" "$3" "$4" | grep -qF -- "$2"
}

# Outcomes of the kernel @1 that were recorded with a function.
nr_chains() {
	awk -F'\t' '$5 ~ / in ./' "$recorded/$1.outcomes.tsv" | wc -l
}

# The outcomes of the kernel @1 with each call chain replaced by @2, an awk expression.
with_chains() {
	awk -F'\t' -v OFS='\t' '
		function reversed(chain,   name, nr, text) {
			nr = split(chain, name, "<")
			while (nr > 1)
				text = text name[nr--] "<"
			return text name[1]
		}
		function renamed(chain) {
			gsub(/</, "<not_", chain)
			return "not_" chain
		}
		match($5, / in ./) {
			head = substr($5, 1, RSTART + 3)
			chain = substr($5, RSTART + 4)
			$5 = head '"$2"'
		}
		{ print }' "$recorded/$1.outcomes.tsv" >"$scratch/outcomes.tsv"
}

# All rows and outcomes are equal, call chains included.
all_are_equal() {
	local rows outcomes
	rows=$(($(wc -l <"$recorded/$1.tsv") - 1))
	outcomes=$(($(wc -l <"$recorded/$1.outcomes.tsv") - 1))
	conform "$1" "$recorded/$1.tsv" "$recorded/$1.outcomes.tsv" >"$scratch/said"
	status=$?
	cat "$scratch/said"
	[ $status -eq 0 ] && grep -q \
		"rows $rows / $rows equal, outcomes $outcomes / $outcomes equal" "$scratch/said"
}

false_count_is_told() {
	local line
	line=$(awk -F'\t' -v kernel="$1" 'NR == 40 {
		print kernel, $1, $3, $4 ": refcount " $7 ", recorded " $7 + 1 }' "$recorded/$1.tsv")
	awk -F'\t' -v OFS='\t' 'NR == 40 { $7 += 1 } { print }' "$recorded/$1.tsv" >"$scratch/rows.tsv"
	says "$1" "$line" "$scratch/rows.tsv" "$recorded/$1.outcomes.tsv"
}

false_outcome_is_told() {
	awk -F'\t' -v OFS='\t' '$4 == "truncate0" { $5 = "blocked S in nowhere" } { print }' \
		"$recorded/$1.outcomes.tsv" >"$scratch/outcomes.tsv"
	says "$1" "truncate0: done (0), recorded blocked S in nowhere" "$recorded/$1.tsv" \
		"$scratch/outcomes.tsv"
}

# With each recorded chain replaced by @2, conform prints a difference for each.
false_chains_are_told() {
	with_chains "$1" "$2"
	[ "$(conform "$1" "$recorded/$1.tsv" "$scratch/outcomes.tsv" | grep -c ', recorded .* in ')" \
		-eq "$(nr_chains "$1")" ]
}

# A caller in the place of its callee is a difference: the recorded chain itself is equal.
false_order_is_told() {
	with_chains v7.2 'reversed(chain)'
	says v7.2 ", recorded blocked D in evict<ext4_evict_inode<dax_break_layout_final" \
		"$recorded/v7.2.tsv" "$scratch/outcomes.tsv"
}

# The model has no nowhere(); it has dax_insert_entry(), where none of these tasks stops.
for kernel in v6.1 v6.12 v7.2; do
	check "$kernel: all rows and outcomes" all_are_equal $kernel
	check "$kernel: a false count" false_count_is_told $kernel
	check "$kernel: a false outcome" false_outcome_is_told $kernel
	check "$kernel: an unknown function" false_chains_are_told $kernel '"nowhere"'
	check "$kernel: another function" false_chains_are_told $kernel '"dax_insert_entry"'
	check "$kernel: functions by other names" false_chains_are_told $kernel 'renamed(chain)'
done
check "v7.2: a chain in the wrong order" false_order_is_told

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
