#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The traces of explain --trace are whole, and those that were damaged are told apart.
set -u
mmref=$(realpath "$1") source=$(realpath "$2")
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$source" || exit 1

if ! command -v python3 >/dev/null; then
	echo "skipped: python3 is missing"
	exit 77
fi

# expect NAME STATUS TEXT: what trace.py says of the trace
expect() {
	python3 tests/browser/trace.py "$work/trace" "$work/json" >"$work/out"
	if [ $? -eq "$2" ] && grep -qE -- "$3" "$work/out"; then
		passed=$((passed + 1))
	else
		echo "FAILED  $1:"
		head -n 3 "$work/out"
		failed=$((failed + 1))
	fi
}

# whole RULES SCENARIO ARROWS
whole() {
	"$mmref" explain "$2" --rules "$1" --trace "$work/trace" --json >"$work/json"
	expect "$2" 0 "$3"
}

whole v7.2 sim/scenarios/unplug/held-page-against-eviction.lua ' [1-9][0-9]* wakes, [1-9][0-9]* ref'
whole v7.2 sim/scenarios/share/clone-asks-one-page-twice.lua ' [1-9][0-9]* references'
whole v6.1 sim/scenarios/gup/leaf-is-kept.lua ' references'
whole v6.1 sim/scenarios/migrate/fault-against-reuse.lua ' [1-9][0-9]* wakes'
whole v6.1 sim/scenarios/wakeup/folio-put-wakes-nobody.lua ' 0 wakes, [1-9][0-9]* references'

# It is JSON to readers that share nothing with trace.py, or with each other.
for reader in "jq -e .traceEvents" "perl -MJSON::PP -0777 -ne decode_json(\$_)"; do
	command -v "${reader%% *}" >/dev/null || continue
	if $reader "$work/trace" >/dev/null && ! head -c -2 "$work/trace" | $reader >/dev/null 2>&1; then
		passed=$((passed + 1))
	else
		echo "FAILED  read by $reader"
		failed=$((failed + 1))
	fi
done

# damaged NAME FILTER TEXT: what jq makes of the last trace is refused
cp "$work/trace" "$work/good"
damaged() {
	jq "$2" "$work/good" >"$work/trace"
	expect "$1" 1 "$3"
}

if command -v jq >/dev/null; then
	damaged "no end" 'del(first(.traceEvents[] | select(.ph == "E")))' "begun in another|not ended"
	damaged "an arrow to nowhere" 'del(first(.traceEvents[] | select(.ph == "f")))' "joins nothing"
	damaged "a step less" 'del(first(.traceEvents[] | select(.ph == "X")))' "in operation"
	damaged "out of time" '.traceEvents[20].ts = 1' "earlier"
	damaged "another count" \
		'(.traceEvents[] | select(.ph == "C" and .args.refcount == 2).args.refcount) = 3' '"refcount":3'
	damaged "no time" 'del(first(.traceEvents[] | select(.ph == "X")).ts)' "a field is bad"
	damaged "a slice too long" 'first(.traceEvents[] | select(.ph == "X")).dur = 5000' "overlaps"
	damaged "an arrow in no step" 'first(.traceEvents[] | select(.ph == "s")).tid = 77' "in no step"
	damaged "a phase of no such name" 'first(.traceEvents[] | select(.ph == "C")).ph = "?"' "unknown phase"
	damaged "no mark" 'del(.traceEvents[] | select(.ph == "i"))' "no mark"
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
