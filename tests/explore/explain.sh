#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What 'mmref explain' and 'mmref compare' print: six runs and two comparisons word for word, as
# explained/ has them (N for lines of source, and for states, which differ between builds); and every
# failing run of sim/scenarios fits a mail, and folds nothing that it marks. With --regenerate as $4
# explained/ is written instead.
set -u
mmref=$1 source=$2
expected=$source/tests/explore/explained
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
cd "$source" || exit 1
unset COLUMNS

pass() { passed=$((passed + 1)); }
fail() { echo "FAILED  $1"; failed=$((failed + 1)); }
check() { if "${@:2}"; then pass; else fail "$1"; fi }

# --- word for word -------------------------------------------------------------------------

without_numbers() {
	perl -pe 's/(\.c:)(\d+)/$1 . "N" x length $2/ge; s/\d/N/g if /^  states/'
}

# golden NAME ARGUMENT...
golden() {
	"$mmref" "${@:2}" 2>&1 | without_numbers >"$work/$1"
	if [ "$regenerate" = yes ]; then
		cp "$work/$1" "$expected/$1"
	else
		check "$1" diff "$expected/$1" "$work/$1"
	fi
}

if [ "${4-}" = --regenerate ]; then regenerate=yes; else regenerate=no; fi
${CC:-cc} -shared -fPIC -Iinclude "$expected/fault_keeps_page.c" -o "$work/leak.so" || exit 1

scenarios=sim/scenarios
golden underflow explain $scenarios/folio/release-puts-one-twice.lua --rules williams-2022/pmd-at-once
golden leak explain $scenarios/folio/map-at-count-zero.lua --rules "$work/leak.so"
golden use-after-unplug explain $scenarios/unplug/pin-on-ext4.lua --rules v6.1
golden lost-wakeup explain $scenarios/wakeup/folio-put-wakes-nobody.lua --rules v6.1
golden dma-after-truncate explain $scenarios/truncate/ext2-under-pin.lua --rules v7.2
golden two-kernels compare $scenarios/truncate/unlink-under-pin.lua
golden failing-operations explain $expected/failing-operations.lua --rules v7.2
golden what-fails compare $expected/failing-operations.lua
[ "$regenerate" = no ] || exit 0

# --- every failing run ------------------------------------------------------------------------

# The steps that $1 shows, with their columns: "12 2* 0 1"
shown() {
	awk '/^$/ { gaps++ }
		gaps == 1 && /^\[/ { number = $0; sub(/^\[ */, "", number); sub(/\].*/, "", number)
			marks = ""
			for (i = 1; i <= NF && $i !~ /^[a-z_]+\(/; i++)
				if ($i ~ /^[0-9a-z-]+\*/) marks = marks " " $i
			print number marks }' "$1"
}

# Steps shown and steps folded of $1 are $2 together.
adds_up() {
	awk -v all="$2" '
		/^\[ *[0-9]+\]/ { steps++ }
		/ \.\.\. [0-9]+ steps? in / { sub(/.* \.\.\. /, ""); steps += $1 }
		END { if (steps != all) print steps " of " all " steps"; exit steps != all }' "$1"
}

fits() {
	awk -v most="$2" 'length($0) > most || / $/ || /\033/ { print; bad = 1 } END { exit bad }' "$1"
}

while read -r scenario rules verdict _; do
	[ "$verdict" != holds ] || continue
	run=$work/run
	"$mmref" explain $scenarios/*/"$scenario".lua --rules "$rules" --save "$work/saved" \
		--html "$work/page" >"$run"
	steps=$(sed -nE '1s/.* in ([0-9]+) steps.*/\1/p' "$run")
	check "$scenario under $rules fits 100 columns" fits "$run" 100
	check "$scenario under $rules: steps add up" adds_up "$run" "$steps"
	COLUMNS=80 "$mmref" replay "$work/saved" | tail -n +2 >"$work/narrow"
	check "$scenario under $rules fits 80 columns" fits "$work/narrow" 80
	check "$scenario under $rules: a page of less than a megabyte" \
		[ "$(stat -c %s "$work/page")" -lt 1048576 ]
	"$mmref" replay --all-steps "$work/saved" >"$work/all"
	check "$scenario under $rules: all steps" [ "$(shown "$work/all" | wc -l)" -eq "$steps" ]
	check "$scenario under $rules: no change is folded" \
		diff <(shown "$work/all" | grep '\*') <(shown "$run" | grep '\*')
done <tests/explore/scenarios.expected
[ "$passed" -gt 500 ] || fail "only $passed checks"

# --- on a terminal ------------------------------------------------------------------------------

# on_terminal COLUMNS [NAME=VALUE]: the run that shows a lost wake-up, in $work/tty
on_terminal() {
	env TERM=xterm COLUMNS="$1" ${2+"$2"} script -qec "$mmref explain \
		$scenarios/wakeup/folio-put-wakes-nobody.lua --rules v6.1" /dev/null </dev/null |
		tr -d '\r' >"$work/tty"
}
without_escapes() { sed 's/\x1b\[[0-9]*m//g' "$1"; }

if command -v script >/dev/null; then
	on_terminal 140
	check "a change is bold" grep -q $'\033\\[1m *2\\*\033' "$work/tty"
	check "the violation is red" grep -q $'\033\\[31m  ! lost-wakeup' "$work/tty"
	check "a wide terminal is filled" [ "$(without_escapes "$work/tty" | wc -L)" -eq 140 ]
	on_terminal 80
	without_escapes "$work/tty" >"$work/plain"
	check "a narrow terminal is not exceeded" fits "$work/plain" 80
	on_terminal 100 NO_COLOR=1
	check "NO_COLOR" fits "$work/tty" 100
	check "plain is the same, but for the colours" diff "$work/tty" \
		<("$mmref" explain $scenarios/wakeup/folio-put-wakes-nobody.lua --rules v6.1)
fi
COLUMNS=140 "$mmref" explain $scenarios/wakeup/folio-put-wakes-nobody.lua --rules v6.1 >"$work/run"
check "a file gets 100 columns at most" fits "$work/run" 100

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
