#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each allocation of a command fails once: it ends in one line and status 2 without a file left
# half written, or says what it says otherwise.
#
#	tests/allocation/run.sh MMREF SOURCE_DIR BUILD FAIL_NTH.SO [EVERY]
#
# EVERY 1 takes all allocations; 29, the default, each 29th.
set -u
mmref=$(realpath "$1")
source=$(realpath "$2")
shim=$(realpath "$4")
every=${5:-29}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
passed=0 failed=0 all=0

stable() {
	sed -E 's/"(seconds|max_rss_kb)": ?[0-9.e-]+/"\1":0/g' "$1"
}

# each_fails NAME ARGUMENT...
each_fails() {
	local name=$1 nr status wanted n
	shift
	FAIL_COUNT=$work/count LD_PRELOAD=$shim "$mmref" "$@" >right 2>/dev/null
	wanted=$?
	nr=$(cat count)
	all=$((all + nr))
	stable right >right_stable
	for ((n = 1 + RANDOM % every; n <= nr; n += every)); do
		FAIL_NTH=$n LD_PRELOAD=$shim "$mmref" "$@" >out 2>err 9>&-
		status=$?
		if { [ $status -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]; } ||
			{ [ $status -eq $wanted ] && stable out | cmp -s - right_stable; }; then
			passed=$((passed + 1))
		else
			echo "FAILED  $name, allocation $n: status $status, $(head -n 2 err)"
			failed=$((failed + 1))
		fi
	done
	if ls -- *.?????? >/dev/null 2>&1; then
		echo "FAILED  $name leaves $(ls -- *.??????)"
		failed=$((failed + 1))
	fi
	echo "$name: $nr allocations, each ${every}th failed"
}

mkdir right.d && cd right.d || exit 2
work=$work/right.d
example=$source/docs/examples/waiter-nobody-wakes.lua
"$mmref" explain --rules v6.1 --save saved "$example" >/dev/null
for i in 1 2; do
	"$mmref" run --shard $i/2 --rules v6.1 "$example" >part$i
done
mkdir steps && cp "$source/tests/kernel/S7a-unbind-idle.lua" steps
cp "$source/tests/kernel/recorded/v6.1.tsv" pages
each_fails run run --rules v6.1 "$example"
each_fails "run --json" run --json --rules v6.1,v7.2 "$example"
each_fails "run --shard" run --shard 1/2 --rules v6.1 "$example"
each_fails explain explain --rules v6.1 --html page --trace trace --save run "$example"
each_fails replay replay saved
each_fails merge merge --json part1 part2
each_fails conform conform --kernel v6.1 --scenarios steps --table pages

echo "$all allocations"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
