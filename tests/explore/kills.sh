#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A search that keeps checkpoints is killed (-9) again and again, at any moment, and resumed: it
# comes to the states, steps and verdict of one that nobody killed.
#
#	tests/explore/kills.sh MMREF SOURCE_DIR [BUILD [KILLS]]
set -u
mmref=$(realpath "$1")
wanted=${4:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
passed=0 failed=0 killed=0
cat >scenario.lua <<'END'
local pmem = device { type = "fsdax", pages = 2 }
local file = pmem:file { pages = 1 }
local map  = process():mmap { file = file }
thread("a", { map:read(0), map:read(0) })
thread("b", { map:pin(0):as "io", unpin "io" })
thread("admin", { pmem:unbind() })
END

figures() {
	sed -E 's/"seconds".*//' "$1"
}

# killed_after SECONDS OPTION...: a shell of its own, which tells nobody who was killed
killed_after() {
	(
		timeout -s KILL "$1" "$mmref" run --json --rules v7.2 "${@:2}" scenario.lua >out 2>err
		exit $?
	) 2>/dev/null
}

"$mmref" run --json --rules v7.2 scenario.lua >whole
while [ $killed -lt "$wanted" ] && [ $failed -eq 0 ]; do
	rm -f kept
	resume=() stops=0
	while :; do
		killed_after "$((stops / 20)).$((RANDOM % 3))$((RANDOM % 10))" \
			--checkpoint kept --checkpoint-seconds 0.02 "${resume[@]}"
		status=$?
		[ $status -eq 137 ] || break
		killed=$((killed + 1)) stops=$((stops + 1))
		[ ! -e kept ] || resume=(--resume kept)
	done
	if [ $status -ne 2 ] && [ "$(figures out)" = "$(figures whole)" ]; then
		passed=$((passed + 1))
	else
		echo "FAILED  after $stops kills: status $status, $(cat err)"
		diff <(figures whole) <(figures out)
		failed=$((failed + 1))
	fi
done

echo "killed $killed times: $passed searches came to $(figures whole | grep -o '"states":[0-9]*')"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
