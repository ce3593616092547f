#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A worker of a search by several that is killed at any moment ends the search: nobody waits for
# what it held, and an interrupt and --max-seconds still count.
#
#	tests/explore/workers.sh MMREF SOURCE_DIR [BUILD [KILLS]]
set -u
mmref=$(realpath "$1")
scenario=$2/sim/scenarios/baseline/three-tails-three-truncates.lua
kills=${4:-12}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
passed=0 failed=0 killed=0

fail() { echo "FAILED  $1"; failed=$((failed + 1)); }

for ((i = 0; i < kills; i++)); do
	timeout 60 "$mmref" run --json -j4 --rules williams-2022-v2 "$scenario" >out 2>err &
	shell=$!
	sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
	run=$(cat /proc/$shell/task/$shell/children 2>/dev/null)
	read -ra workers <<<"$(cat /proc/${run// /}/task/${run// /}/children 2>/dev/null)"
	victim=0
	[ ${#workers[@]} -eq 0 ] || victim=${workers[RANDOM % ${#workers[@]}]}
	[ "$victim" -ne 0 ] && kill -9 "$victim" 2>/dev/null && killed=$((killed + 1))
	wait $shell
	case $? in
	0) passed=$((passed + 1)) ;;	# killed when it had told what it found, or nobody was
	1) if grep -q "one of the workers died" err; then
		passed=$((passed + 1))
	else
		fail "kill $i: $(cat err)"
	fi ;;
	*) fail "kill $i: status $?, $(cat err)" ;;
	esac
done
[ $((killed * 2)) -ge "$kills" ] || fail "only $killed of $kills workers were killed"

(ulimit -v 30000000; "$mmref" run -j2 --rules v6.1 "$scenario" >out 2>err)
status=$?
if [ $status -eq 2 ] && grep -q "64 GiB of address space" err; then
	passed=$((passed + 1))
else
	fail "little address space: status $status, $(cat err)"
fi

echo "$killed workers killed"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
