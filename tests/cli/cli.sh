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

# end_all NAME LEAST MOST: so many operations return or fail, and there is none that does neither
end_all() {
	local ends
	ends=$(grep -c 'returns\|fails: E' out)
	if [ "$ends" -ge "$2" ] && [ "$ends" -le "$3" ] && ! grep -q "does not return" out; then
		pass "$1"
	else
		fail "$1" "$ends end; $(grep -m 1 'not return' out)"
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

# fits_screens NAME ARGUMENT...: two screens at most, of 24 lines and 80 columns
fits_screens() {
	local name=$1 lines widest
	shift
	run_mmref "$@"
	lines=$(wc -l <out)
	widest=$(awk '{ if (length($0) > w) w = length($0) } END { print w + 0 }' out)
	if [ "$status" -ne 0 ]; then
		fail "$name" "status $status"
	elif [ "$lines" -lt 3 ] || [ "$lines" -gt 48 ] || [ "$widest" -gt 80 ]; then
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

fits_screens "help" --help
for command in run compare explain replay rules stress conform merge; do
	fits_screens "help of $command" "$command" --help
	[ "$("$mmref" help "$command")" = "$("$mmref" "$command" --help)" ] ||
		fail "help $command" "is not what $command --help says"
	"$mmref" --help | grep -q "^  $command " || fail "help lists $command" "it does not"
done
expect_status "version" 0 --version
if head -n 1 out | grep -qxE 'mmref [0-9]+\.[0-9]+\.[0-9]+'; then
	pass "version is a number"
else
	fail "version is a number" "$(head -n 1 out)"
fi
says "version tells where scenarios are" "scenarios: /"
says "version tells where recordings are" "recordings: /"
says "version tells where documents are" "documents: /"

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
refused "nothing to explain" "explain needs" explain --rules old
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
refused "unknown strategy" "random, pct, pos, surw or portfolio" run "$scenario" --strategy dfs
refused "seed of 0" "--seed" run "$scenario" --strategy pos --seed 0
refused "seed not a number" "--seed" run "$scenario" --strategy pos --seed x
refused "seed of a search of all" "--seed is for" run "$scenario" --seed 3
refused "commuting without dpor" "--commuting is for" run "$scenario" --commuting
refused "runs of 0" "--runs" run "$scenario" --strategy random --runs 0
refused "runs of a search of all" "--runs is for" run "$scenario" --strategy dpor --runs 3
refused "depth of 0" "1 to 64" run "$scenario" --strategy pct --depth 0
refused "depth beyond what there is room for" "1 to 64" run "$scenario" --strategy pct --depth 65
refused "depth of another strategy" "--depth is for" run "$scenario" --strategy pos --depth 3
refused "focus on a word" "page:PFN" run "$scenario" --strategy surw --focus inode:1
refused "focus without a number" "page:PFN" run "$scenario" --strategy surw --focus page:
refused "focus on a bad number" "page:PFN" run "$scenario" --strategy surw --focus pgmap:0x
refused "focus of another strategy" "--focus is for" run "$scenario" --strategy pct --focus pgmap:0
refused "max-states of random runs" "--max-states is for" run "$scenario" --strategy pos --max-states 9
refused "checkpoint of two scenarios" "one scenario and one rule set, not 2 and 1" \
	run "$scenario" "$scenario" --rules old --checkpoint c
refused "checkpoint of two rule sets" "one scenario and one rule set, not 1 and 2" \
	run "$scenario" --rules old,new --checkpoint c
refused "resume of two rule sets" "--resume takes one scenario" \
	run "$scenario" --rules old,new --resume c
refused "checkpoint of executions" "--strategy states alone" \
	run "$scenario" --rules old --strategy dpor --checkpoint c
refused "check-determinism of executions" "--strategy states alone" \
	run "$scenario" --rules old --strategy dpor --check-determinism
refused "checkpoint-seconds without a file" "needs --checkpoint" \
	run "$scenario" --rules old --checkpoint-seconds 1
refused "checkpoint-seconds of 0" "--checkpoint-seconds" \
	run "$scenario" --rules old --checkpoint c --checkpoint-seconds 0
refused "checkpoint where nothing can be" \
	"nowhere/c: the checkpoint cannot be written: No such file or directory" \
	run "$scenario" --rules old --checkpoint nowhere/c
refused "checkpoint of a shard" "not of a shard" \
	run "$scenario" --rules old --shard 1/2 --checkpoint c
refused "preemptions of a shard" "of a whole search" \
	run "$scenario" --rules old --shard 1/2 --preemptions 1
expect_status "jobs in short" 0 run "$scenario" -j 2
refused "jobs in short of 0" "from 1 to 64" run "$scenario" -j0
refused "jobs in short, of another command" "-j" explain "$scenario" -j 2
refused "jobs of 0" "from 1 to 64" run "$scenario" --jobs 0
refused "jobs by chance" "--jobs is for" run "$scenario" --strategy random --jobs 2
refused "jobs of a shard" "of a whole search" run "$scenario" --jobs 2 --shard 1/2
refused "jobs that count preemptions" "goes with no" run "$scenario" --jobs 2 --preemptions 1
refused "no-livelocks of dpor" "--no-livelocks is for" run "$scenario" --strategy dpor --no-livelocks
refused "stress without seconds" "--seconds" stress "$scenario"
refused "stress for no time" "--seconds" stress "$scenario" --seconds 0
refused "shard 0" "--shard" run "$scenario" --shard 0/3
refused "shard past the last" "--shard" run "$scenario" --shard 4/3
refused "shard of how many" "such as 1/4" run "$scenario" --shard 2
refused "shard of too many" "up to 4096" run "$scenario" --shard 1/4097
refused "shard to explain" "has no option" explain "$scenario" --rules old --shard 1/2
refused "nothing to merge" "needs one result or more" merge
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
refused "a scenario of steps" "steps" run "$source/tests/kernel/S1-pte-faults.lua"
refused "missing schedule" "missing.schedule" replay missing.schedule
refused "schedule that is none" "bad.lua:1:" replay bad.lua
refused "schedule that ends early" "short.schedule:3:" replay short.schedule
refused "schedule that is a folder" "folder:1: cannot be read: Is a directory" replay folder
refused "schedule without an end" "neither a file nor a pipe" replay /dev/zero
{ head -n 2 short.schedule; printf 'rules v6.1\n'; head -c 100000 /dev/zero; } >wide.schedule
refused "schedule with a line without an end" "wide.schedule:4: cannot be read" replay wide.schedule
refused "missing recording" "missing.tsv" conform --kernel v6.1 --table missing.tsv
refused "save where nothing can be" "nowhere" explain "$scenario" --rules old --save nowhere/f
refused "page where nothing can be" "nowhere" explain "$scenario" --rules old --html nowhere/f
refused "trace where nothing can be" "nowhere" explain "$scenario" --rules old --trace nowhere/f
refused "page of two where nothing can be" "nowhere" compare "$scenario" --html nowhere/f
refused "page on a full disk" "/dev/full" explain "$scenario" --rules old --html /dev/full
refused "trace on a full disk" "/dev/full" explain "$scenario" --rules old --trace /dev/full
refused "page without a name" "--html needs a value" compare "$scenario" --html
refused "trace of two" "no option" compare "$scenario" --trace f

refused "page and trace in one file" "--html and --trace are one file, 'f'" \
	explain "$scenario" --rules old --html f --trace f
cp "$scenario" read.lua
for option in save html trace; do
	refused "$option over what is read" "--$option would be written over 'read.lua'" \
		explain read.lua --rules old --$option ./read.lua
	refused "$option without a name" "--$option needs the name of a file" \
		explain read.lua --rules old --$option=
done
refused "checkpoint over what is read" "--checkpoint would be written over 'read.lua'" \
	run read.lua --rules old --checkpoint read.lua
check_kept() { cmp -s "$2" "$3" && ! ls "$2".?????? >ls.out 2>&1 && pass "$1" || fail "$1" "it is not"; }
check_kept "what is read is as it was" read.lua "$scenario"

# What cannot be written to its end leaves what was there; what is no regular file its place.
for option in save html trace; do
	echo precious >was
	cp was page
	(trap '' XFSZ; ulimit -f 0; "$mmref" explain "$scenario" --rules old --$option page 2>&1 >/dev/null) |
		grep -q "page: File too large" || fail "$option beyond ulimit -f" "is not told"
	check_kept "$option beyond ulimit -f leaves what was there" page was
done
mkfifo pipe
refused "checkpoint in a pipe" "pipe: the checkpoint cannot be written" \
	run "$scenario" --rules old --checkpoint pipe
refused "checkpoint from a pipe" "pipe: the checkpoint cannot be read" \
	run "$scenario" --rules old --resume pipe
[ -p pipe ] && pass "a pipe stays one" || fail "a pipe stays one" "it does not"
: >target
ln -s target link
expect_status "checkpoint behind a link" 0 run "$scenario" --rules old --checkpoint link
[ -L link ] && [ -s target ] && pass "a link stays one" || fail "a link stays one" "it does not"
"$mmref" run "$scenario" --rules old --checkpoint target >/dev/null
refused "the checkpoint that cannot be written is told" "nowhere/c: the checkpoint cannot" \
	run "$scenario" --rules old --resume target --checkpoint nowhere/c

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
says "not as expected is said" "NOT as expected: expected refcount-leak under v7.2"
sed 's/, "dax_associate_entry"/, "insert_pfn"/' \
	"$source/sim/scenarios/unplug/fault-against-unbind.lua" >elsewhere.lua
expect_status "violated in another function than expected" 1 run elsewhere.lua --rules v6.1
says "the function that was expected is said" "expected use-after-unplug in insert_pfn"
expect_status "violated in the function that is expected" 0 run --rules v6.1 \
	"$source/sim/scenarios/unplug/fault-against-unbind.lua"
expect_status "nothing expected, nothing violated" 0 run silent.lua
expect_status "nothing expected, but violated" 1 run violates-silently.lua
expect_status "cut short" 3 run expected.lua --max-states 2
says "cut short is said" "bounded (max-states)"
expect_status "runs by chance never hold" 3 run expected.lua --strategy portfolio --runs 50
says "runs by chance are said" "bounded (runs)"
says "their seed is said" "at most 50 runs each, by portfolio from seed 1"
expect_status "runs by chance find what is expected" 0 run "$scenario" --strategy pct --rules old
expect_status "explain what runs by chance do not find" 3 explain expected.lua --rules new \
	--strategy pos --seed 5 --runs 9
says "explain says how many there were" "no violation in 9 runs by pos from seed 5"
expect_status "a focus that is there" 0 run "$scenario" --rules old --strategy surw --focus pgmap:0
run_mmref run "$scenario" --rules old --strategy surw --focus page:1
if [ "$status" -ne 0 ] && grep -qF "no such page or pgmap" err; then
	pass "a focus that is not there"
else
	fail "a focus that is not there" "status $status: $(head -n 1 err)"
fi
expect_status "a kept search, cut short" 3 run expected.lua --rules old --max-states 2 --checkpoint kept
expect_status "gone on with" 0 run expected.lua --rules old --resume kept
expect_status "deterministic" 0 run expected.lua --check-determinism
says "deterministic, as expected" "as expected"
expect_status "unexpected wins over cut short" 1 run expected.lua violates-silently.lua --rules all
expect_status "explain what is as expected" 0 explain "$scenario" --rules old
expect_status "explain what holds" 0 explain expected.lua --rules new
says "explain says that it holds" "holds in every interleaving"
expect_status "compare" 0 compare expected.lua
says "compare tells the counts" "refcount/mapcount"
{
	sed '/^thread/,$d' expected.lua
	echo 'thread("pin", { map:pin(0, { longterm = true }):as "none", dma_read "none", dma_read "none",'
	echo '                dma_read "none", dma_read "none", unpin "none" })'
} >stepless.lua
expect_status "compare operations without steps" 0 compare stepless.lua
end_all "operations without steps end" 6 6
{
	sed '/^thread/,$d' expected.lua
	echo 'local ops = { map:pin(0, { longterm = true }):as "none" }'
	echo 'for i = 2, 300 do ops[i] = dma_read "none" end'
	echo 'thread("pin", ops)'
} >stepless.lua
expect_status "compare more operations without steps than are told" 0 compare stepless.lua
end_all "those that are told end" 21 299
expect_status "rules" 0 rules
says "rules have other names" "old"
expect_status "two rule sets" 0 rules old new
says "the functions that differ are listed" "put_page "
expect_status "a rule set and itself overlaid" 0 rules old old+arbiter
says "an overlay replaces functions" "11 of"
refused "overlay of no rule set" "each with +arbiter" rules old v0.1+arbiter
expect_status "run under an overlaid set" 0 run expected.lua --rules old+arbiter --json
says "JSON has the full name" '"rules":"v6.1+arbiter"'

# --- few preemptions ---------------------------------------------------------------

expect_status "no preemptions cut short" 3 run expected.lua --rules new --preemptions 0 --json
says "JSON says by what" '"bounded_by":"preemptions"'
expect_status "more preemptions than there are" 0 run expected.lua --rules new --preemptions 4000
refused "executions with few preemptions" "--strategy states" run expected.lua --strategy dpor \
	--preemptions 1
refused "preemptions that are no number" "a number from 0" run expected.lua --preemptions few

# --- a run that goes round for ever --------------------------------------------------

around=$source/sim/scenarios/migrate/fault-against-reuse.lua
expect_status "explain a livelock" 0 explain "$around" --rules v6.1 --save around.schedule
says "explain says where it comes round" "the run repeats"
cp out explained
expect_status "replay a livelock" 0 replay around.schedule
says "replay says where it comes round" "$(tail -n 1 explained)"
run_mmref replay around.schedule --json
says "JSON says where it comes round" '"repeats_from":5'

# --- variants -------------------------------------------------------------------------

wakeup=$source/sim/scenarios/wakeup/unpin-wakes-nobody.lua
run_mmref rules
says "variants are listed" "v6.1/gup-puts-folios"
expect_status "a variant and its ancestor" 0 rules v6.1 v6.1/gup-puts-folios
says "a variant replaces a function" "1 of 3"
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
run_mmref explain "$scenario" --rules v6.1
if diff explained out >differs; then
	pass "a run that was saved is told like one that was not"
else
	fail "a run that was saved is told like one that was not" "$(head -n 3 differs)"
fi
expect_status "replay it" 0 replay run.schedule
if [ "$(tail -n +2 out)" = "$(tail -n +2 explained)" ]; then
	pass "replay tells what explain told"
else
	fail "replay tells what explain told" "$(diff explained out | head -n 3)"
fi
sed '4s/\t[^\t]*$/\tnobody: never/' run.schedule >drifted.schedule
expect_status "replay of another model's run" 1 replay drifted.schedule
says "drift is told with its line" "drifted.schedule:4: no longer fits: step 1"
{ cat run.schedule; tail -n 1 run.schedule; } >longer.schedule
expect_status "replay of a run that ends sooner" 1 replay longer.schedule
says "an end is told with its line" "longer.schedule:$(wc -l <longer.schedule): no longer fits: the run ends in use-after-unplug"
sed '4s/^[^\t]*/stranger/' run.schedule >stranger.schedule
refused "schedule of an unknown task" "stranger.schedule:4: the scenario has no task" \
	replay stranger.schedule
sed '4s/\t[0-9]*\t/\tmany\t/' run.schedule >many.schedule
refused "schedule with a bad number" "many.schedule:4: 'many'" replay many.schedule
sed '3s/.*/rules v0.1/' run.schedule >unruly.schedule
refused "schedule of an unknown rule set" "there are v6.1" replay unruly.schedule

# --- pages and traces ---------------------------------------------------------------

expect_status "page and trace" 0 explain "$scenario" --rules v6.1 --html run.html --trace run.trace
if diff explained out >differs; then
	pass "a run with a page and a trace is told like one without"
else
	fail "a run with a page and a trace is told like one without" "$(head -n 3 differs)"
fi
expect_status "the same page again" 0 explain "$scenario" --rules v6.1 --html again.html
if cmp -s run.html again.html; then
	pass "the same run is the same page"
else
	fail "the same run is the same page" "it is not"
fi
"$mmref" explain "$scenario" --rules old --save kept.schedule --html kept.html --trace kept.json >/dev/null
expect_status "replay as a page and a trace" 0 replay kept.schedule --html again.html --trace again.json
check_same() { cmp -s "$2" "$3" && pass "$1" || fail "$1" "$2 and $3 differ"; }
check_same "a replayed trace is that of the run" kept.json again.json
events() { sed -n 's/.*"events":/"events":/p' "$1"; }
if [ -n "$(events kept.html)" ] && [ "$(events kept.html)" = "$(events again.html)" ]; then
	pass "a replayed page has the same run"
else
	fail "a replayed page has the same run" "it has not"
fi
refused "page of a replay where nothing can be" "nowhere" replay kept.schedule --html nowhere/f
expect_status "page of what holds" 0 explain expected.lua --rules new --html none --trace none2
if [ ! -e none ] && [ ! -e none2 ] && [ "$(grep -c "none2\? is not written" err)" -eq 2 ]; then
	pass "what holds has no page and no trace"
else
	fail "what holds has no page and no trace" "$(head -n 1 err)"
fi
expect_status "page of two" 0 compare "$scenario" --html sides.html

# --- rule sets of the user's own ---------------------------------------------------

# rules_file NAME: NAME.so of the C on standard input, as a user builds it
rules_file() {
	{ echo '#include <mmref/kernel.h>'; cat; } >"$1.c"
	cc -shared -fPIC -Wall -Werror -I"$source/include" "$1.c" -o "$1.so" ||
		fail "$1.so" "does not build"
}

rules_file closing <"$source/docs/examples/folio_put_wakes.c"
expect_status "rules of a file that close a race" 0 run --all --rules closing.so
says "the race is told" "closes   folio-put-wakes-nobody           lost-wakeup          holds"
says "and no other" "opens 0, closes 1, changes 0"
speaks_json "JSON of run --all" run --all --rules ./closing.so
says "JSON of run --all has the difference" \
	'"difference":"closes","verdicts":{"v6.1":"lost-wakeup","folio-put-wakes":"holds"}'
rules_file opening <<-'EOF'
static void (free_zone_device_folio)(struct folio *folio)
{
	(void)folio;
}

MMREF_RULES_FILE(.name = "nobody-wakes", .ancestor = &mmref_v7_2,
		 .free_zone_device_folio = free_zone_device_folio);
EOF
expect_status "rules of a file that open races" 1 run --all --rules ./opening.so
says "a race that is opened" "opens    munmap-under-truncate            holds                lost-wakeup"
rules_file nothing_new <<-'EOF'
MMREF_RULES_FILE(.name = "nothing-new", .ancestor = &mmref_v7_2);
EOF
expect_status "rules of a file that change nothing" 0 run --all --rules ./nothing_new.so
says "nothing is told" "opens 0, closes 0, changes 0"
expect_status "--all cut short" 3 run --all --rules ./nothing_new.so --max-states 2
says "what is not known is told" "unknown"
expect_status "a file beside rule sets" 1 run "$scenario" --rules old,./opening.so,new,./opening.so
says "each is a column" "v7.2               nobody-wakes"
expect_status "a file in other commands" 0 rules v7.2 ./opening.so
says "its functions" "1 of 3"

refused "rules of a missing file" "./missing.so: cannot open" run "$scenario" --rules missing.so
echo >text.so
refused "rules of a file that is no shared object" "text.so" run "$scenario" --rules ./text.so
mkdir folder.so
refused "rules of a folder" "folder.so" run "$scenario" --rules ./folder.so
echo 'int mine;' | rules_file symbolless
refused "a file without a rule set" "exports no rule set" run "$scenario" --rules ./symbolless.so
sed 's/(void)folio;/not_in_the_model(folio);/; 1a void not_in_the_model(struct folio *);' \
	opening.c | rules_file undefined
refused "a file that wants more than there is" "undefined symbol: not_in_the_model" \
	run "$scenario" --rules ./undefined.so
mkdir older
cp -r "$source/include/mmref" older
sed -i 's/dax_entry_waitqueue/dax_entry_queue/' older/mmref/functions.def
cc -shared -fPIC -Iolder opening.c -o older.so
refused "a file of an older table" "another list of kernel functions" run "$scenario" --rules ./older.so
cp -r "$source/include/mmref" older
sed -i 's/ALIKE, void, dax_wake_entry,/ALIKE, int, dax_wake_entry,/' older/mmref/functions.def
cc -shared -fPIC -Iolder opening.c -o retyped.so
refused "a file of a function of another type" "another list of kernel functions" \
	run "$scenario" --rules ./retyped.so
sed 's/nobody-wakes/v6.1/' opening.c | rules_file taken
refused "a file that takes a name" "a rule set 'v6.1' already" run "$scenario" --rules ./taken.so
sed 's/.ancestor = &mmref_v7_2,//' opening.c | rules_file partial
refused "a file without an ancestor" "needs .name and .ancestor" run "$scenario" --rules ./partial.so
sed 's/nobody-wakes/nobody wakes/' opening.c | rules_file blank
refused "a file whose name has a blank" '.name "nobody wakes" has a blank' \
	run "$scenario" --rules ./blank.so
rules_file gone <<-'EOF'
MMREF_RULES_FILE(.name = "gone", .ancestor = &mmref_v7_2, .dax_delete_mapping_entry = MMREF_GONE);
EOF
refused "a file that lacks a function of every kernel" \
	".dax_delete_mapping_entry = MMREF_GONE, but" run "$scenario" --rules ./gone.so
sed 's/= free_zone_device_folio)/= (void *)\&data)/; s/^MMREF_RULES_FILE/static int data;\n&/
	s/^static void (free/__attribute__((unused)) &/' opening.c | rules_file data
refused "a file whose function is data" ".free_zone_device_folio is no function" \
	run "$scenario" --rules ./data.so
rules_file takes <<-'EOF'
static const struct mmref_taken taken[] = { MMREF_TAKEN(mmref_v6_1, dax_folio_put), { 0 } };

MMREF_RULES_FILE(.name = "takes", .ancestor = &mmref_v7_2, .taken = taken);
EOF
refused "a file that takes what is not there" ".taken has dax_folio_put() of v6.1, which has no" \
	run "$scenario" --rules ./takes.so
rules_file baseless <<-'EOF'
static const struct mmref_rules base = { .name = "base" };

MMREF_RULES_FILE(.name = "baseless", .ancestor = &base);
EOF
refused "a file without a base" ".ancestor leads to no rule set of mmref's own" \
	run "$scenario" --rules ./baseless.so
sed 's/&mmref_v7_2/(void *)16/' opening.c | rules_file astray
refused "a file whose pointers lead nowhere" "a pointer in MMREF_RULES_FILE() leads nowhere" \
	run "$scenario" --rules ./astray.so
refused "a shard under rules of a file" "--shard takes mmref's own" \
	run expected.lua --rules ./opening.so --shard 1/2

# --- functions that go wrong -------------------------------------------------------

unmaps=$source/sim/scenarios/baseline/munmap-under-truncate.lua

# frees NAME CODE: NAME.so is v7.2, but free_zone_device_folio() begins with CODE
frees() {
	rules_file "$1" <<-EOF
	#include <signal.h>
	#include <stdlib.h>

	static int count;
	int *volatile nowhere;
	void (*volatile nothing)(void);

	static void (free_zone_device_folio)(struct folio *folio)
	{
		$2
		(void)count;
		MMREF_AS(mmref_v7_2, free_zone_device_folio)(folio);
	}

	MMREF_RULES_FILE(.name = "$1", .ancestor = &mmref_v7_2,
			 .free_zone_device_folio = free_zone_device_folio);
	EOF
}

# goes_wrong NAME TEXT [OPTION...]: one line has TEXT, thread and step; another scenario goes on
goes_wrong() {
	local name=$1 text=$2
	shift 2
	run_mmref run "$unmaps" "$scenario" --rules "./$name.so" --json "$@"
	if [ "$status" -ne 1 ] || [ "$(wc -l <err)" -ne 1 ]; then
		fail "$name $*" "status $status, $(wc -l <err) lines: $(head -n 1 err)"
	elif ! grep -qE "munmap-under-truncate.lua under $name: $text in step [0-9]+ of the run, by thread (one|two|admin)" err ||
	     ! grep -q free_zone_device_folio err; then
		fail "$name $*" "does not say '$text': $(cat err)"
	elif [ "$(grep -c '"verdict":"error".*"error":"' out)" -ne 1 ] ||
	     ! grep -q '"scenario":"stale-pte-after-unplug".*"verdict":"violates"' out; then
		fail "$name $*" "$(cut -c1-200 out)"
	else
		pass "$name $*"
	fi
}

frees crashes '*nowhere = 1;'
goes_wrong crashes 'free_zone_device_folio\(\) crashed \(SIGSEGV\)'
goes_wrong crashes 'free_zone_device_folio\(\) crashed \(SIGSEGV\)' --strategy dpor
goes_wrong crashes 'free_zone_device_folio\(\) crashed \(SIGSEGV\)' --strategy random
goes_wrong crashes 'free_zone_device_folio\(\) crashed \(SIGSEGV\)' --check-determinism
frees aborts 'if (!nowhere) abort();'
goes_wrong aborts 'free_zone_device_folio\(\) crashed \(SIGABRT\)'
frees raises 'raise(SIGFPE);'
goes_wrong raises 'free_zone_device_folio\(\) crashed \(SIGFPE\)'
frees calls_nothing 'nothing(); count = 0;'
goes_wrong calls_nothing 'free_zone_device_folio\(\) crashed \(SIGSEGV\)'
frees loops 'while (!nowhere) continue;'
goes_wrong loops 'free_zone_device_folio\(\) does not return \(2 s of CPU, or 10 s in all\)'
frees crashes_late 'if (count++ > 150) *nowhere = 1;'
goes_wrong crashes_late 'free_zone_device_folio\(\) crashed \(SIGSEGV\)' -j2
frees alternates 'if (count++ % 2) return;'
goes_wrong alternates 'a step leads elsewhere when it is taken again,'
frees forgets 'if (count++ % 200 == 199) return;'
goes_wrong forgets 'a step leads elsewhere when it is taken again,'
goes_wrong forgets 'a step leads elsewhere when it is taken again,' -j2
frees counts 'count++; nothing = (void (*)(void))(long)count;'
expect_status "a static variable that changes nothing" 0 run "$unmaps" --rules ./counts.so
expect_status "explain, and a function that crashes" 1 explain "$unmaps" --rules ./crashes.so
expect_status "compare, and a function that crashes" 1 compare "$unmaps" --rules v7.2,./crashes.so

expect_status "--max-seconds in a function" 3 run "$unmaps" --rules ./loops.so --max-seconds 0.3
says "--max-seconds in a function is told" "bounded (max-seconds)"
"$mmref" run "$unmaps" --rules ./loops.so >out 2>err </dev/null &
sleep 0.5
kill -INT $!
wait $!
status=$?
if [ $status -eq 3 ] && grep -qF "bounded (interrupted)" out; then
	pass "an interrupt in a function"
else
	fail "an interrupt in a function" "status $status: $(cat out err)"
fi

sed 's/free_zone_device_folio/memremap_pages/g; s/struct folio \*folio/struct dev_pagemap *pgmap/
	s/(folio)/(pgmap)/; s/"crashes"/"sets-no-scene"/' crashes.c | sed 1d | rules_file sets_no_scene
expect_status "a function that crashes in a scene" 1 run "$unmaps" --rules ./sets_no_scene.so
if grep -q "memremap_pages() crashed (SIGSEGV) while the scene was set" err; then
	pass "a function that crashes in a scene is told"
else
	fail "a function that crashes in a scene is told" "$(cat err)"
fi

# Files that others wrote have no native code run.
rules_file telling <<-'EOF'
#include <stdio.h>

__attribute__((constructor)) static void tell(void)
{
	fputs("native\n", stderr);
}

MMREF_RULES_FILE(.name = "telling", .ancestor = &mmref_v6_1);
EOF
expect_status "rules of a file that is asked for run" 0 rules v6.1 ./telling.so
grep -q native err || fail "rules of a file that is asked for run" "they do not"
sed '3s/.*/rules .\/telling.so/' run.schedule >native.schedule
refused "a schedule that names a file of rules" "native.schedule:3: mmref has no rule set" \
	replay native.schedule
"$mmref" run expected.lua --rules old --shard 1/1 | sed 's/"v6.1"/".\/telling.so"/' >native
refused "a result that names a file of rules" "native:1: mmref has no rule set" merge native
refused "--all without rules" "needs --rules" run --all
refused "--all of the oldest kernel" "v6.1 has no ancestor" run --all --rules v6.1
refused "--all in shards" "no --shard" run --all --rules new --shard 1/2

# --- what comes with the command ------------------------------------------------------

# one_is_bad NAME WANTED ARGUMENT...: status 2, one line about bad.lua, and WANTED on standard output
one_is_bad() {
	local name=$1 wanted=$2
	shift 2
	run_mmref "$@"
	if [ "$status" -ne 2 ]; then
		fail "$name" "status $status, not 2"
	elif [ "$(wc -l <err)" -ne 1 ] || ! grep -q 'bad\.lua:1: ' err; then
		fail "$name" "not one line on bad.lua: $(head -n 2 err)"
	else
		says "$name" "$wanted"
	fi
}

mkdir -p data/scenarios/first data/scenarios/second data/kernel
cp folder/below/holds.lua data/scenarios/first/idle-file.lua
cp "$scenario" data/scenarios/second/
cp "$source/tests/kernel/S1-pte-faults.lua" data/kernel/
cp -r "$source/tests/kernel/recorded" data/kernel/
export MMREF_DATA=$work/data
expect_status "the catalogue, without a file" 0 run --rules v6.1,v6.12
[ "$(grep -c 'as expected' out)" -eq 2 ] && pass "each is a row" || fail "each is a row" "$(cat out)"
expect_status "a scenario by name" 0 run idle-file --rules v6.1
says "that one alone" "idle-file"
expect_status "a folder of the catalogue by name" 0 run second --rules v6.1
says "and what is in it" "stale-pte-after-unplug"
expect_status "a scenario to explain by name" 0 explain stale-pte-after-unplug --rules v6.1
refused "a name that is in no catalogue" "idle-fil" run idle-fil
mkdir idle-file
refused "a folder goes before a name" "no scenario" run idle-file
rmdir idle-file
expect_status "the recordings" 0 conform
says "of each kernel" "v7.2 "
expect_status "--all, with the catalogue" 0 run --all --rules ./nothing_new.so
says "all of it" "against v7.2, 2 scenarios"
expect_status "--all of a folder" 1 run --all folder "$source/sim/scenarios/baseline" --rules ./opening.so
says "that folder alone" "opens    munmap-under-truncate"
expect_status "--all of nothing that can change" 0 run --all folder --rules ./nothing_new.so
says "and of no other" "against v7.2, 2 scenarios"

cp bad.lua folder/bad.lua
one_is_bad "a bad scenario beside a good one" "stale-pte-after-unplug" run "$scenario" bad.lua --rules v6.1
one_is_bad "a bad scenario in a folder" "second" run folder --rules v6.1,v6.12
one_is_bad "a bad scenario with --all" "opens 0, closes 0" run --all folder --rules ./nothing_new.so
cp bad.lua data/kernel/
one_is_bad "a bad scenario among recorded ones" "v7.2 " conform
rm folder/bad.lua data/kernel/bad.lua
ln -s nowhere folder/dangling.lua
run_mmref run folder --rules v6.1
if [ "$status" -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q "dangling.lua" err; then
	says "a scenario that cannot be opened, and the others" "second"
else
	fail "a scenario that cannot be opened, and the others" "status $status: $(head -n 2 err)"
fi
rm folder/dangling.lua
expect_status "steps beside threads" 2 run data/kernel folder --rules v6.1
says "the others are explored" "second"

MMREF_DATA=$work/nowhere
refused "no catalogue" "MMREF_DATA is" run
refused "no catalogue for --all" "MMREF_DATA is" run --all --rules v6.12
refused "no recordings" "MMREF_DATA is" conform
unset MMREF_DATA

# --- JSON ---------------------------------------------------------------------------

speaks_json "JSON of run" run "$scenario" expected.lua
for key in scenario rules verdict violation expected complete states steps executions collision \
	   seconds max_rss_kb; do
	run_mmref run expected.lua --rules new --json
	grep -q "\"$key\":" out || fail "JSON of run has $key" "it has not"
done
speaks_json "JSON of run, not as expected" run unexpected.lua
speaks_json "JSON of run, cut short" run expected.lua --max-states 2
speaks_json "JSON of run, by chance" run "$scenario" --strategy surw --seed 18446744073709551615
says "JSON of runs by chance has strategy and seed" \
	'"strategy":"surw","seed":18446744073709551615'
speaks_json "JSON of explain" explain "$scenario" --rules old
speaks_json "JSON of compare" compare "$scenario"
speaks_json "JSON of replay" replay run.schedule
speaks_json "JSON of a replay that no longer fits" replay drifted.schedule
speaks_json "JSON of rules" rules
speaks_json "JSON of two rule sets" rules old new
speaks_json "JSON of stress" stress expected.lua --rules new --seconds 0.2
speaks_json "JSON of conform" conform --kernel v6.1

# --- shards ---------------------------------------------------------------------------

"$mmref" run expected.lua --rules old,new --shard 1/2 >one
"$mmref" run expected.lua --rules old,new --shard 2/2 >two
expect_status "merge" 0 merge one two
says "merge says whose the figures are" "states / steps, summed"
speaks_json "JSON of merge" merge one two
says "JSON of merge marks the sum" '"sum":true,"shards":2'
says "all shards make it complete" '"verdict":"holds"'
if grep -q '"verdict":"holds"' one two; then
	fail "a shard alone holds nothing" "it says that it holds"
else
	pass "a shard alone holds nothing"
fi
"$mmref" run unexpected.lua --shard 1/1 >unexpected
expect_status "merge of what is not as expected" 1 merge unexpected
"$mmref" run expected.lua --rules old,new --shard 1/2 --max-states 1 >short
expect_status "merge of a shard cut short" 3 merge short two
says "merge says what cut it short" "bounded (max-states)"
refused "merge of a missing file" "missing" merge missing
refused "merge of what is no result" "bad.lua:1: not what" merge bad.lua
"$mmref" run expected.lua --rules new --json >whole
refused "merge of a folder" "folder: Is a directory" merge folder
refused "merge of what has no end" "neither a file nor a pipe" merge /dev/zero
refused "merge of a whole run" "whole:1: not what" merge whole
: >nothing
refused "merge of nothing" "nothing: is empty" merge nothing
refused "merge without a shard" "shard 2 of 2 is missing" merge one
refused "merge of a shard twice" "is in one:1 already" merge one two one
"$mmref" run expected.lua --rules old,new --shard 2/3 >third
refused "merge of other shards" "third:1: does not fit one:1: the number of shards" merge one third
"$mmref" run expected.lua --rules old,new --shard 2/2 --strategy dpor >dpor
refused "merge of strategies" "the strategy is another" merge one dpor
sed 's/"prefixes":[0-9]*,"prefix_length":[0-9]*/"prefixes":9,"prefix_length":9/' two >other
sed 's/"prefixes":[0-9]*,"prefix_length":[0-9]*/"prefixes":8,"prefix_length":9/' one >another
refused "merge of builds" "by another build" merge other another
sed 's/"digest":"[0-9a-f]*/&0/' one >changed
refused "merge of a scenario that has changed" "it has changed since" merge changed two
sed 's/"rules":"[^"]*"/"rules":"v0.1"/' one >unruly
refused "merge of an unknown rule set" "there are v6.1" merge unruly
refused "saving of two" "--save takes the shards of one scenario" merge one two --save f

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

sed '/^expect/,$d' "$scenario" >unasked.lua
for columns in 80 100; do
	COLUMNS=$columns run_mmref run unasked.lua --rules v6.1,v6.12
	if awk -v most=$columns 'length($0) > most { exit 1 }' out &&
	   grep -q '^  NOT as expected: a violation' out &&
	   [ "$(tr -s ' \n' ' ' <out | grep -c 'nothing expected under v6.1, a violation, .* v6.12')" -eq 1 ]; then
		pass "what does not fit beside the verdicts is told below, at $columns columns"
	else
		fail "what does not fit beside the verdicts is told below, at $columns columns" "it is not"
	fi
done

# Many rows get a line each: in words where these fit, else in marks, grouped by folder.
mkdir -p many/one many/two
for i in 1 2 3 4 5 6 7; do
	made many/one/holds$i 'expect { ["v6.1"] = holds, ["v7.2"] = holds }'
	cp "$scenario" many/two/violates$i.lua
done
made many/two/refuted 'expect { ["v6.1"] = holds, ["v7.2"] = violates "refcount-leak" }'
expect_status "many rows" 1 run many --rules old,new
says "many rows in words" "  holds1                       holds              holds              as expected"
says "their folders" "one"
says "what is not as expected is told below" \
	"refuted                      v7.2   holds                expected refcount-leak"
says "and counted" "15 scenarios, 30 verdicts: 29 as expected, 1 not, 0 cut short"
expect_status "many rows with figures" 1 run many --rules old,new --figures
says "figures on demand" "  states / steps"
says "figures, and what they can be trusted" "two states taken for one, anywhere: probability at most "
expect_status "many rows, cut short" 3 run many --rules old,new --max-states 2
says "what is cut short is counted" "0 as expected, 0 not, 30 cut short"
expect_status "many rows under many rules" 1 run many --rules all
says "marks are explained" "plug  use-after-unplug"
says "a mark that is not as expected" ".!"

# matrix_is_right: each mark of the matrix in out stands for what the JSON in json says
matrix_is_right() {
	awk '
		FNR == NR { split($0, part, "\""); name = rules = verdict = ""
			for (i = 2; i < length(part); i += 2) {
				if (part[i] == "scenario") name = part[i + 2]
				if (part[i] == "rules") rules = part[i + 2]
				if (part[i] == "verdict") verdict = part[i + 2]
				if (part[i] == "violation") violation = part[i + 1] ~ /null/ ? "" : part[i + 2]
			}
			want[name, rules] = verdict == "holds" ? "holds" : violation
			next }
		/^ +(\| +)*[^ |]+$/ && !body { head[++heads] = $NF; at[heads] = length($0) - length($NF) }
		/^$/ { body = 0; legend = 1 }
		heads && !legend && !/\|/ && $1 != head[heads] { line[++lines] = $0 }
		legend && /^[.a-zA-Z]+ +[a-z-]/ {
			for (i = 0; i < 3; i++) {
				mark = substr($0, 29 * i + 1, 6); meaning = substr($0, 29 * i + 7, 22)
				gsub(/ /, "", mark); gsub(/ /, "", meaning)
				if (mark != "" && !(mark in means)) means[mark] = meaning } }
		END {
			for (l = 1; l <= lines; l++) {
				split(line[l], word, " "); name = word[1]
				for (h = 1; h <= heads; h++) {
					mark = substr(line[l], at[h] + 1, 6); gsub(/[ !]/, "", mark)
					if (mark == "") { if ((name, head[h]) in want) bad = 1; continue }
					compared++
					if (means[mark] != want[name, head[h]]) {
						print name, head[h], mark, want[name, head[h]]; bad = 1 } } }
			print compared " marks"
			exit bad || compared < 100 }' json out
}
run_mmref run "$source/sim/scenarios/unplug" --json
cp out json
run_mmref run "$source/sim/scenarios/unplug"
if said=$(matrix_is_right); then
	pass "the matrix says what the JSON says: $said"
else
	fail "the matrix says what the JSON says" "$said"
fi
sed -i 's/"violation":"unplug-hangs"/"violation":"lost-wakeup"/' json
if said=$(matrix_is_right); then
	fail "a matrix that does not is told apart" "$said"
else
	pass "a matrix that does not is told apart"
fi

# --- progress -----------------------------------------------------------------------

# on_terminal ARGUMENT...: standard output and error, which are a terminal, go to out
on_terminal() {
	COLUMNS=80 script -qec "$mmref $*" /dev/null >out </dev/null
}

# shows_progress NAME TEXT ARGUMENT...: a line has TEXT, each fits the terminal, none stays
shows_progress() {
	local name=$1 text=$2
	shift 2
	on_terminal "$@"
	tr '\r' '\n' <out | sed -n 's/^\x1b\[K//p' >lines
	if ! grep -qF -- "$text" lines; then
		fail "$name" "does not say '$text'"
	elif awk 'length($0) >= 80 { exit 1 }' lines && ! tail -n 1 lines | grep -q under; then
		pass "$name"
	else
		fail "$name" "is too long, or stays"
	fi
}

# keeps_silent NAME ARGUMENT...: nothing of progress, on a terminal
keeps_silent() {
	local name=$1
	shift
	on_terminal "$@"
	if grep -q ' under ' out; then
		fail "$name" "shows progress"
	else
		pass "$name"
	fi
}

chance="--strategy random --runs 100000000 --max-seconds 1"
shows_progress "progress of runs" " of 100000000 runs" run "$scenario" --rules old $chance
shows_progress "progress of states" " states, " \
	run "$source/sim/scenarios/baseline/three-walks-three-truncates.lua" --no-symmetry
keeps_silent "progress, but --quiet" run "$scenario" --rules old --quiet $chance
keeps_silent "progress, but --json" run "$scenario" --rules old --json $chance
run_mmref run "$scenario" --rules old $chance
if [ -s err ]; then
	fail "progress where no terminal is" "is shown"
else
	pass "progress where no terminal is"
fi
# Without a terminal a line comes once in ten seconds: explain and run take eleven here.
long="--strategy random --runs 1000000000 --max-seconds 11"
# shellcheck disable=SC2086
"$mmref" explain "$scenario" --rules old $long >/dev/null 2>explained &
# shellcheck disable=SC2086
"$mmref" run "$scenario" --rules old $long >/dev/null 2>err
wait $!
for file in err explained; do
	if [ "$(wc -l <$file)" -eq 1 ] && grep -qE \
	    '^mmref: stale-pte-after-unplug under v6.1: [0-9]+ of 1000000000 runs, ' $file; then
		pass "progress of ten seconds without a terminal: $file"
	else
		fail "progress of ten seconds without a terminal: $file" "$(cat $file)"
	fi
done
run_mmref run unexpected.lua expected.lua --quiet
if grep -q '^unexpected' out && ! grep -q '^expected' out; then
	pass "--quiet leaves what is not as expected"
else
	fail "--quiet leaves what is not as expected" "it does not"
fi
run_mmref run expected.lua --quiet
if [ -s out ]; then
	fail "--quiet, all as expected" "says something"
else
	pass "--quiet, all as expected"
fi

# --- random runs in a long search of states -----------------------------------------------

cat >seven.lua <<-'EOF'
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 2 }
local map  = process():mmap { file = file }

before { map:write(0, 1) }
thread("reader", { map:get(0):as "page", folio_put "page" })
thread("admin", { file:truncate(0) })
for i = 1, 5 do thread("bystander " .. i, { map:read(1) }) end
EOF
expect_status "a search that random runs help" 1 run seven.lua --rules v6.1 --max-states 1010000
says "its table has what they found" "seven                          lost-wakeup"
says "and which found it" "random runs from seed 1 found lost-wakeup"
cp out first
run_mmref run seven.lua --rules v6.1 --max-states 1010000
if cmp -s first out; then
	pass "random runs are the same each time"
else
	fail "random runs are the same each time" "$(diff first out)"
fi
speaks_json "JSON of what random runs found" run seven.lua --rules v6.1 --max-states 1010000
says "JSON has who found it" '"found_by":"portfolio","expected":false,"complete":false,"bounded_by":"max-states"'
run_mmref run seven.lua --rules v6.1 --max-states 900000 --checkpoint kept
speaks_json "what random runs found in a search that went on" \
	run seven.lua --rules v6.1 --max-states 1010000 --resume kept --checkpoint kept
says "it is the same" '"found_by":"portfolio","expected":false,"complete":false,"bounded_by":"max-states"'
speaks_json "what random runs found before a search went on" \
	run seven.lua --rules v6.1 --max-states 1011000 --resume kept
says "it is kept" '"found_by":"portfolio","expected":false,"complete":false,"bounded_by":"max-states"'
expect_status "explain what random runs found" 1 explain seven.lua --rules v6.1 --max-states 1010000
says "explain says who found it" "found by portfolio from seed 1"
expect_status "a search too short for random runs" 3 run seven.lua --rules v6.1 --max-states 10000
speaks_json "JSON of a complete search" run "$scenario" --rules v6.1
says "the search itself found it" '"found_by":"states"'

# The states of the search fit into the limit, those of the search for a shortest run do not.
speaks_json "a limit of memory for shortest runs" run --rules williams-2022-v2 --max-memory 400K \
	"$source/sim/scenarios/unplug/fault-against-unbind.lua"
says "the limit of memory is told" '"complete":false,"bounded_by":"max-memory"'
# --- TAP and JUnit ------------------------------------------------------------------------

# has NAME TEXT: out has that line
has() {
	if grep -qF -- "$2" out; then
		pass "$1"
	else
		fail "$1" "no '$2' in: $(head -n 20 out)"
	fi
}

cat >'odd<&"name.lua' <<'END'
-- No kernel brings this about.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }
thread("reader", { map:read(0) })
expect { ["v6.1"] = violates "lost-wakeup", ["v7.2"] = holds }
END
expect_status "--format tap" 1 run --format tap 'odd<&"name.lua' "$scenario" --rules v6.1,v7.2
has "TAP: its version" "TAP version 14"
has "TAP: its plan" "1..4"
has "TAP: what is not as expected" 'not ok 1 odd<&"name v6.1'
has "TAP: verdict and time" "# verdict holds, expected lost-wakeup, "
has "TAP: what is as expected" "ok 3 stale-pte-after-unplug v6.1"
if grep -qvE '^(TAP version 14|1\.\.4|(not )?ok [1-4] .*|#.*)$' out; then
	fail "TAP: nothing else" "$(grep -vE '^(TAP|1\.\.|ok|not ok|#)' out | head -n 3)"
else
	pass "TAP: nothing else"
fi
if command -v prove >/dev/null; then
	cp out results.tap
	prove -e cat results.tap >proved 2>&1
	if grep -q 'Failed test:  1$' proved && grep -q 'Failed 1/4 subtests' proved; then
		pass "TAP: prove reads it"
	else
		fail "TAP: prove reads it" "$(cat proved)"
	fi
fi
expect_status "--format tap, cut short" 3 run --format tap "$scenario" --rules v7.2 --max-states 3
has "TAP: what is cut short" "ok 1 stale-pte-after-unplug v7.2 # SKIP bounded (max-states)"
cat >unexpected.lua <<'END'
-- The stale PTE, expected to be harmless.
local pmem = device { type = "fsdax", pages = 1 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }
thread("app",   { map:write(0), map:read(0) })
thread("admin", { pmem:unbind() })
expect { ["v6.1"] = holds, ["v7.2"] = holds }
END
expect_status "--format tap, a violation" 1 run --format tap unexpected.lua --rules v6.1
has "TAP: its verdict" "# verdict use-after-unplug, expected holds, "
has "TAP: the run that violates" "unbind"
expect_status "--format junit" 1 run --format junit 'odd<&"name.lua' unexpected.lua --rules v6.1,v7.2
if python3 - <<'END'
import xml.etree.ElementTree as xml
suite = xml.parse("out").getroot().find("testsuite")
cases = suite.findall("testcase")
assert len(cases) == int(suite.get("tests")) == 4, cases
assert cases[0].get("name") == 'odd<&"name', cases[0].get("name")
assert cases[0].get("classname") == "v6.1"
assert float(cases[0].get("time")) >= 0
assert cases[0].find("failure").get("message") == "holds, expected lost-wakeup"
assert len(cases[1]) == 0
assert cases[2].find("failure").get("message") == "use-after-unplug, expected holds"
assert "unbind" in cases[2].find("failure").text
assert int(suite.get("failures")) == sum(c.find("failure") is not None for c in cases)
END
then
	pass "JUnit: an XML parser reads it"
else
	fail "JUnit: an XML parser reads it" "$(head -n 5 out)"
fi
refused "--format of another name" "tap or junit, not 'xml'" run --format xml "$scenario"
refused "--format with --json" "goes with no --json" run --format tap --json "$scenario"

# --- output that cannot be written ------------------------------------------------------

for arguments in "--help" "rules" "run expected.lua" "run expected.lua --json" "run expected.lua --format tap" \
		 "run expected.lua --format junit" "merge one two" \
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
