#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the shards of a search find, added up, is what one search finds: the same verdicts and the
# same kinds of violations, and of states runs as short. By hand, under GNU parallel, and as an
# array job of Slurm where it can be started (as root; it is said where it cannot). The file $4 has
# what catalogue.sh found; shards explore the catalogue under two of its rule sets.
set -u
mmref=$(realpath "$1") source=$2 catalogue=$4
passed=0 failed=0
work=$(mktemp -d)
. "$source/tests/explore/slurm.sh"
trap 'stop_slurm "$work"; rm -rf "$work"' EXIT
cd "$source" || exit 1

# same NAME GOT WANTED
same() {
	if [ -n "$3" ] && [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		echo "$1:"
		diff <(echo "$3") <(echo "$2") | head -n 5
		failed=$((failed + 1))
	fi
}

# what is told of each scenario and rule set, the figures left out
told() {
	sed -E 's/,"states":.*//'
}

# the field $1 of each line
figures() {
	sed -E "s/.*\"$1\":([0-9]+).*/\1/"
}

# shards N ARGUMENT...: in $work/I of each
shards() {
	local n=$1 i
	shift
	rm -f "$work"/[0-9]*
	for i in $(seq "$n"); do
		"$mmref" run --shard "$i/$n" "$@" >"$work/$i" || echo "shard $i/$n: status $?"
	done
}

[ -s "$catalogue" ] || { echo "there is no $catalogue: run the test 'catalogue' first"; exit 1; }
. tests/explore/catalogue_rows.sh
all=$(of_rules v6.1,v7.2)
some=sim/scenarios/folio
for n in 1 3; do
	# one shard is a search of its own kind, which a part of the catalogue shows
	case $n in
	1)
		shards 1 --rules v6.1,v7.2 $some
		whole=$("$mmref" run --json --rules v6.1,v7.2 $some)
		;;
	3)
		shards 3 --rules v6.1,v7.2 $(files_under v6.1,v7.2)
		whole=$all
		;;
	esac
	merged=$("$mmref" merge --json "$work"/[0-9]*)
	same "$n shards, status" $? 0
	same "$n shards" "$(told <<<"$merged")" "$(told <<<"$whole")"
	# none is lost: together they have met all states that one search meets
	same "$n shards, fewer states than one search" "$(paste <(figures states <<<"$merged") \
		<(figures states <<<"$whole") | awk '$1 < $2 { n++ } END { print n + 0 }')" 0
done

# in any order; and without one of them, or with one twice, nothing is told
same "in another order" "$("$mmref" merge --json "$work/2" "$work/3" "$work/1" | told)" \
	"$(told <<<"$whole")"
"$mmref" merge "$work/1" "$work/3" >"$work/out" 2>&1
same "without a shard" "$? $(cat "$work/out")" \
	"2 mmref: $(jq -rs '.[0].scenario' "$work/1") under v6.1: shard 2 of 3 is missing"
"$mmref" merge "$work/1" "$work/2" "$work/1" >"$work/out" 2>/dev/null
same "one twice" "$?" 2

# a shard cut short: what holds is bounded then
bounded=sim/scenarios/folio
shards 3 $bounded
"$mmref" run --shard 2/3 --max-states 5 $bounded >"$work/2"
same "a shard cut short, status" $? 3
same "a shard cut short" "$("$mmref" merge --json "$work"/[0-9]* | grep -c '"verdict":"holds"')" 0

# the shortest run of all shards is as short as there is, and replays
failing=sim/scenarios/unplug/stale-pte-after-unplug.lua
shards 3 $failing --rules v6.1
"$mmref" merge "$work"/[0-9]* --save "$work/merged" >/dev/null
"$mmref" explain $failing --rules v6.1 --save "$work/explained" >/dev/null
length() { awk -F '\t' '{ n += $2 } END { print n }' "$1"; }
same "a shortest run" "$(length "$work/merged")" "$(length "$work/explained")"
"$mmref" replay "$work/merged" >/dev/null
same "the run replays" $? 0

# an execution is one shard's: where nothing is violated they add up to as many
executions=sim/scenarios/baseline/pin-against-fork.lua
shards 3 --strategy dpor $executions
whole=$("$mmref" run --json --strategy dpor $executions)
merged=$("$mmref" merge --json "$work"/[0-9]*)
same "dpor" "$(told <<<"$merged")" "$(told <<<"$whole")"
same "dpor, executions" "$(figures executions <<<"$merged")" "$(figures executions <<<"$whole")"

jobs=$("$mmref" run --json --strategy dpor --jobs 3 $executions)
same "dpor by three processes" "$(told <<<"$jobs")" "$(told <<<"$whole")"
same "dpor by three processes, executions" "$(figures executions <<<"$jobs")" \
	"$(figures executions <<<"$whole")"

# whoever finds it first, one run is told
for jobs in 2 3 4; do
	"$mmref" run --json $failing --rules v6.1 --strategy dpor --jobs $jobs |
		sed -E 's/"(seconds|max_rss_kb|steps)":[^,]*,//g' >"$work/by-$jobs"
done
same "a run found by three" "$(cat "$work/by-3")" "$(cat "$work/by-2")"
same "a run found by four" "$(cat "$work/by-4")" "$(cat "$work/by-2")"

few=sim/scenarios/truncate
whole=$("$mmref" run --json $few | told)
if command -v parallel >/dev/null; then
	parallel "$mmref" run --shard {}/4 $few ::: 1 2 3 4 >"$work/results" 2>/dev/null
	same "parallel" "$("$mmref" merge --json "$work/results" | told)" "$whole"
else
	echo "GNU parallel is not installed: not tried"
fi

slurm_is_installed() {
	local program
	for program in slurmctld slurmd munged sbatch; do
		command -v $program >/dev/null || return 1
	done
}
if ! slurm_is_installed; then
	echo "Slurm is not installed: not tried"
elif [ "$(id -u)" -ne 0 ]; then
	echo "Slurm is started by root alone: not tried"
elif start_slurm "$work" 2; then
	rm -f "$work"/[0-9]*
	timeout 120 sbatch --quiet --wait --array=1-4 --output="$work/%a" --wrap="$mmref"' run \
		--shard $SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT '"$few" </dev/null
	same "Slurm, status" $? 0
	same "Slurm" "$("$mmref" merge --json "$work"/[0-9]* | told)" "$whole"
else
	echo "Slurm did not start:"
	tail -n 3 "$work"/*.log
	failed=$((failed + 1))
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
