#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What one thread makes and another uses: whoever is first, and however the runs are searched, it
# comes out alike, and each step touches no more than it announces.
set -u
mmref=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
cd "$work" || exit 1

check() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		echo "FAILED  $1: $3, not $2"
		failed=$((failed + 1))
	fi
}

# script NAME OBJECTS LINE...: a scenario of what there is and the lines that follow it
script() {
	{
		echo 'local pmem  = device { type = "fsdax", pages = 1 }'
		echo 'local other = device { type = "fsdax", pages = 1 }'
		echo 'local file  = pmem:file { pages = 1 }'
		echo 'local far   = other:file { pages = 1 }'
		printf '%s\n' "${@:2}"
	} >"$1.lua"
}

# told OPTION...: what is said of a search under v7.2
told() {
	"$mmref" run --json --rules v7.2 "$@" 2>&1 | jq -c '[.verdict, .violation, .complete]' 2>&1
}
states() {
	"$mmref" run --json --rules v7.2 "$@" | jq .states
}

# both_ways NAME WHAT FIRST SECOND LINE...: two threads in both orders, by every search
both_ways() {
	script "$1-1" "${@:5}" "$3" "$4"
	script "$1-2" "${@:5}" "$4" "$3"
	for script in "$1-1.lua" "$1-2.lua"; do
		check "$script" "$2" "$(told "$script")"
		check "$script by executions" "$2" "$(told --strategy dpor "$script")"
		check "$script, step by step" "$2" "$(told --check-determinism "$script")"
	done
	check "$1 has the same states either way" "$(states "$1-1.lua")" "$(states "$1-2.lua")"
}

maps='local map = process():mmap { file = file }
local away = process():mmap { file = far }
before { map:write(0), away:write(0) }'

# Who lets go before there is anything lets go of nothing, and the truncate waits for ever.
both_ways hold '["violates","deadlock",true]' \
	'thread("taker", { map:pin(0, { write = true }):as "page", file:truncate(0) })' \
	'thread("giver", { away:read(0), unpin "page" })' "$maps"
# Not where the same thread does both.
both_ways own '["holds",null,true]' \
	'thread("taker", { map:pin(0, { write = true }):as "page", unpin "page", file:truncate(0) })' \
	'thread("giver", { away:read(0) })' "$maps"
both_ways opened '["holds",null,true]' \
	'thread("opens", { file:open() })' \
	'thread("maps", { away:read(0), map:mmap(), map:write(0) })' \
	'local map = process():mmap { file = file, later = true }' \
	'local away = process():mmap { file = far }' 'before { file:close() }'
both_ways unlinked '["holds",null,true]' \
	'thread("unlinks", { file:unlink() })' 'thread("opens", { away:read(0), file:open() })' \
	'local away = process():mmap { file = far }' 'before { file:close() }'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
