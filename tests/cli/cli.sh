#!/bin/bash
# SPDX-License-Identifier: MIT
# The command line, on which scripts rely: exit statuses, what goes where, JSON, help.
#
#	tests/cli/cli.sh MMREF SOURCE_DIR
set -u

if [ $# -lt 2 ]; then
	echo "usage: cli.sh MMREF SOURCE_DIR" >&2
	exit 2
fi
mmref=$(realpath "$1")
source=$(realpath "$2")
scenario=$source/sim/scenarios/unplug/stale-pte-after-unplug.lua
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

passed=0
failed=0

pass() { echo "ok      $1"; passed=$((passed + 1)); }
fail() { echo "FAILED  $1: $2"; failed=$((failed + 1)); }

# run_mmref ARGUMENT...: what it says is in out and err, its status in $status
run_mmref() {
	"$mmref" "$@" >out 2>err </dev/null
	status=$?
}

# expect_status NAME STATUS ARGUMENT...
expect_status() {
	local name=$1 wanted=$2
	shift 2
	run_mmref "$@"
	if [ "$status" -eq "$wanted" ]; then
		pass "$name"
	else
		fail "$name" "status $status, not $wanted: $(head -n 1 err)"
	fi
}

# refused NAME TEXT ARGUMENT...: status 2, one line on standard error that has TEXT
refused() {
	local name=$1 text=$2
	shift 2
	run_mmref "$@"
	if [ "$status" -ne 2 ]; then
		fail "$name" "status $status, not 2"
	elif [ -s out ]; then
		fail "$name" "wrote to standard output"
	elif [ "$(wc -l <err)" -ne 1 ]; then
		fail "$name" "$(wc -l <err) lines on standard error, not 1"
	elif ! grep -qF -- "$text" err; then
		fail "$name" "does not say '$text': $(cat err)"
	else
		pass "$name"
	fi
}

# says NAME TEXT: standard output of the last run has a line with TEXT
says() {
	if grep -qF -- "$2" out; then
		pass "$1"
	else
		fail "$1" "does not say '$2'"
	fi
}

# is_json FILE: an object a line and nothing else, as far as can be told here
is_json() {
	[ -s "$1" ] || return 1
	if command -v jq >/dev/null; then
		jq -e -s 'all(type == "object")' "$1" >/dev/null 2>&1 &&
			[ "$(jq -s length "$1")" -eq "$(wc -l <"$1")" ]
	else
		! grep -qvE '^\{("[a-z_]+":.+)?\}$' "$1"
	fi
}

# speaks_json NAME ARGUMENT...
speaks_json() {
	local name=$1
	shift
	run_mmref "$@" --json
	if [ "$status" -eq 2 ]; then
		fail "$name" "status 2: $(head -n 1 err)"
	elif is_json out; then
		pass "$name"
	else
		fail "$name" "not one JSON object a line: $(head -n 1 out)"
	fi
}

# fits_screen NAME ARGUMENT...: 24 lines of 80 columns
fits_screen() {
	local name=$1 lines widest
	shift
	run_mmref "$@"
	lines=$(wc -l <out)
	widest=$(awk '{ if (length($0) > w) w = length($0) } END { print w + 0 }' out)
	if [ "$status" -ne 0 ]; then
		fail "$name" "status $status"
	elif [ "$lines" -lt 3 ] || [ "$lines" -gt 24 ] || [ "$widest" -gt 80 ]; then
		fail "$name" "$lines lines, $widest columns"
	else
		pass "$name"
	fi
}

# made NAME EXPECTATION: a scenario of our own in NAME.lua
made() {
	cat >"$1.lua" <<-EOF
	local pmem = device { type = "fsdax", pages = 2 }
	local file = pmem:file { pages = 1 }
	local map  = process():mmap { file = file }

	thread("a", { map:read(0) })
	thread("b", { map:read(0) })
	$2
	EOF
}

# --- help --------------------------------------------------------------------

fits_screen "help" --help
for command in run compare explain replay rules stress conform; do
	fits_screen "help of $command" "$command" --help
	[ "$("$mmref" help "$command")" = "$("$mmref" "$command" --help)" ] ||
		fail "help $command" "is not what $command --help says"
	"$mmref" --help | grep -q "^  $command " || fail "help lists $command" "it does not"
done
expect_status "version" 0 --version
says "version is a number" "mmref $("$mmref" --version | grep -oE '[0-9]+\.[0-9.]+')"

# --- bad usage ----------------------------------------------------------------

refused "no command" "a command is needed"
refused "unknown command" "run, compare, explain" frobnicate
refused "command with a typo" "'replay' is one" repaly
refused "option before the command" "'--json'" --json
refused "unknown option" "'--frobnicate'" run --frobnicate "$scenario"
refused "option with a typo" "--rules is one" run --rulse old "$scenario"
refused "unknown short option" "'-x'" run -x "$scenario"
refused "option without its value" "--rules needs a value" run "$scenario" --rules
refused "value for an option that takes none" "--json takes no value" run --json=1 "$scenario"
refused "option of another command" "'--save'" run --save f "$scenario"
refused "no scenario" "needs one scenario" run
refused "two scenarios to explain" "no use for" explain "$scenario" "$scenario" --rules old
refused "explain without rules" "--rules" explain "$scenario"
refused "unknown rule set" "there are v6.1" run "$scenario" --rules v0.1
refused "empty rule set" "there are v6.1" run "$scenario" --rules ""
refused "one rule set to compare" "two different rule sets" compare "$scenario" --rules old
refused "the same rule set twice" "two different rule sets" compare "$scenario" --rules old,v6.1
refused "one argument for rules" "a second one" rules old
refused "max-states of 0" "--max-states" run "$scenario" --max-states 0
refused "max-states negative" "--max-states" run "$scenario" --max-states -1
refused "max-states beyond 64 bits" "--max-states" run "$scenario" --max-states 99999999999999999999
refused "max-seconds not a number" "--max-seconds" run "$scenario" --max-seconds nan
refused "max-memory with a bad unit" "--max-memory" run "$scenario" --max-memory 3X
refused "max-memory beyond 64 bits" "--max-memory" run "$scenario" --max-memory 99999999999G
refused "stress without seconds" "--seconds" stress "$scenario"
refused "stress for no time" "--seconds" stress "$scenario" --seconds 0
refused "recording without its kernel" "--kernel" conform --table x.tsv
refused "unknown kernel" "there are v6.1" conform --kernel v0.1

# --- files --------------------------------------------------------------------

mkdir empty folder folder/below
printf 'this is not a scenario\n' >bad.lua
printf 'mmref schedule 1\nscenario x.lua\n' >short.schedule
made folder/below/holds 'expect { ["v6.1"] = holds, ["v7.2"] = holds }'
made folder/second ''

refused "missing scenario" "missing.lua" run missing.lua
refused "missing folder" "missing/" run missing/
refused "folder without scenarios" "no scenario" run empty
refused "bad scenario" "bad.lua:1:" run bad.lua
refused "bad scenario beside a good one" "bad.lua:1:" run "$scenario" bad.lua
refused "a scenario of steps" "steps" run "$source/tests/kernel/S1-pte-faults.lua"
refused "missing schedule" "missing.schedule" replay missing.schedule
refused "schedule that is none" "bad.lua:1:" replay bad.lua
refused "schedule that ends early" "short.schedule:3:" replay short.schedule
refused "missing recording" "missing.tsv" conform --kernel v6.1 --table missing.tsv
refused "save where nothing can be" "nowhere" explain "$scenario" --rules old --save nowhere/f

expect_status "folder" 0 run folder
says "folder: what lies below it" "holds"
says "folder: what lies in it" "second"

# --- exit statuses --------------------------------------------------------------

made expected 'expect { ["v6.1"] = holds, ["v7.2"] = holds }'
made unexpected 'expect { ["v6.1"] = holds, ["v7.2"] = violates "refcount-leak" }'
made silent ''
sed '/^expect/,$d' "$scenario" >violates-silently.lua

expect_status "as expected" 0 run expected.lua
says "as expected is said" "as expected"
expect_status "not as expected" 1 run unexpected.lua
says "not as expected is said" "NOT as expected: expected refcount-leak"
expect_status "nothing expected, nothing violated" 0 run silent.lua
expect_status "nothing expected, but violated" 1 run violates-silently.lua
expect_status "cut short" 3 run expected.lua --max-states 2
says "cut short is said" "bounded (max-states)"
expect_status "unexpected wins over cut short" 1 run expected.lua violates-silently.lua --rules all
expect_status "explain what is as expected" 0 explain "$scenario" --rules old
expect_status "explain what holds" 0 explain expected.lua --rules new
says "explain says that it holds" "holds in every interleaving"
expect_status "compare" 0 compare expected.lua
says "compare tells the counts" "refcount/mapcount"
expect_status "rules" 0 rules
says "rules have other names" "old"
expect_status "two rule sets" 0 rules old new
says "points that differ are marked" "* put_page"
expect_status "a rule set and itself overlaid" 0 rules old old+arbiter
says "an overlay replaces two points" "* differs: 2 of"
refused "overlay of no rule set" "each with +arbiter" rules old v0.1+arbiter
expect_status "run under an overlaid set" 0 run expected.lua --rules old+arbiter --json
says "JSON has the full name" '"rules":"v6.1+arbiter"'

# --- variants -------------------------------------------------------------------------

wakeup=$source/sim/scenarios/wakeup/unpin-wakes-nobody.lua
run_mmref rules
says "variants are listed" "v6.1/gup-puts-folios"
expect_status "a variant and its ancestor" 0 rules v6.1 v6.1/gup-puts-folios
says "a variant replaces a point" "* differs: 1 of"
refused "a variant that there is not" "variants that 'mmref rules' lists" rules old v6.1/gup-puts
refused "a variant has one name" "there is no rule set" rules old old/gup-puts-folios
refused "overlay of a variant" "there is no rule set" rules old v6.1/gup-puts-folios+arbiter
expect_status "run under a variant" 0 run "$wakeup" --rules v6.1/gup-puts-folios --json
says "JSON has the name of the variant" '"rules":"v6.1/gup-puts-folios"'
run_mmref run expected.lua --rules all --json
if grep -q '"rules":"[^"]*/' out; then
	fail "no variant among all rule sets" "there is"
else
	pass "no variant among all rule sets"
fi
expect_status "save a run under a variant" 0 explain "$wakeup" --rules v6.1/gup-puts-folios \
	--save variant.schedule
expect_status "replay it" 0 replay variant.schedule

# --- a run saved and replayed -----------------------------------------------------

expect_status "save a run" 0 explain "$scenario" --rules v6.1 --save run.schedule
says "explain tells the violation" "use-after-unplug"
cp out explained
expect_status "replay it" 0 replay run.schedule
if [ "$(tail -n +2 out)" = "$(tail -n +2 explained)" ]; then
	pass "replay tells what explain told"
else
	fail "replay tells what explain told" "$(diff explained out | head -n 3)"
fi
sed '4s/\t[^\t]*$/\tnobody: never/' run.schedule >drifted.schedule
expect_status "replay of another model's run" 1 replay drifted.schedule
says "drift is told with its line" "drifted.schedule:4: no longer fits: step 1"
sed '4s/^[^\t]*/stranger/' run.schedule >stranger.schedule
refused "schedule of an unknown task" "stranger.schedule:4: the scenario has no task" \
	replay stranger.schedule
sed '4s/\t[0-9]*\t/\tmany\t/' run.schedule >many.schedule
refused "schedule with a bad number" "many.schedule:4: 'many'" replay many.schedule
sed '3s/.*/rules v0.1/' run.schedule >unruly.schedule
refused "schedule of an unknown rule set" "there are v6.1" replay unruly.schedule

# --- JSON ---------------------------------------------------------------------------

speaks_json "JSON of run" run "$scenario" expected.lua
for key in scenario rules verdict violation expected complete states steps executions seconds \
	   max_rss_kb; do
	run_mmref run expected.lua --rules new --json
	grep -q "\"$key\":" out || fail "JSON of run has $key" "it has not"
done
speaks_json "JSON of run, not as expected" run unexpected.lua
speaks_json "JSON of run, cut short" run expected.lua --max-states 2
speaks_json "JSON of explain" explain "$scenario" --rules old
speaks_json "JSON of compare" compare "$scenario"
speaks_json "JSON of replay" replay run.schedule
speaks_json "JSON of a replay that no longer fits" replay drifted.schedule
speaks_json "JSON of rules" rules
speaks_json "JSON of two rule sets" rules old new
speaks_json "JSON of stress" stress expected.lua --rules new --seconds 0.2
speaks_json "JSON of conform" conform --kernel v6.1

# --- the table ------------------------------------------------------------------------

COLUMNS=60 run_mmref run expected.lua --rules old,new
if [ "$(grep -c 'states / steps' out)" -eq 2 ]; then
	pass "a narrow terminal gets the columns below each other"
else
	fail "a narrow terminal gets the columns below each other" "$(grep -c states out) parts"
fi
run_mmref run expected.lua unexpected.lua
if grep -q $'\033' out; then
	fail "no colour in a file" "there is"
else
	pass "no colour in a file"
fi
run_mmref explain "$scenario" --rules old
if awk 'length($0) > 100 { exit 1 }' out; then
	pass "lanes fit 100 columns"
else
	fail "lanes fit 100 columns" "they do not"
fi

# --- output that cannot be written ------------------------------------------------------

for arguments in "--help" "rules" "run expected.lua" "run expected.lua --json" \
		 "explain $scenario --rules old"; do
	# shellcheck disable=SC2086
	"$mmref" $arguments >/dev/full 2>err
	status=$?
	if [ "$status" -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]; then
		pass "full disk: ${arguments%% *}"
	else
		fail "full disk: $arguments" "status $status, $(wc -l <err) lines"
	fi
done
{ "$mmref" explain "$scenario" --rules old --all-steps 2>err; echo $? >closed; } | true
if [ "$(cat closed)" -eq 2 ] || [ "$(cat closed)" -eq 0 ]; then
	pass "reader that went away"
else
	fail "reader that went away" "status $(cat closed)"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
