#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A search that is stopped at any moment, by -TERM or by -KILL, and gone on with comes to the figures
# of one that went through; and from a file that is not this search's nothing is gone on with.
#
#	tests/explore/checkpoint.sh MMREF SOURCE_DIR [BUILD]
#
# A slower BUILD than Release stops smaller searches, and may be done before it is stopped.
set -u
mmref=$(realpath "$1")
build=${3:-Release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

passed=0 failed=0
pass() { passed=$((passed + 1)); }
fail() { echo "FAILED  $1"; failed=$((failed + 1)); }

scenario() {
	cat <<-END
	local pmem = device { type = "fsdax", pages = 2 }
	local file = pmem:file { pages = 1 }
	local map  = process():mmap { file = file }
	$1
	END
}
case $build in
*Release) reader='thread("a", { map:read(0), map:read(0) })' least=1 ;;
*) reader='' least=0 ;;
esac
scenario "$reader"'
thread("b", { map:read(0) })
thread("c", { map:read(0) })
thread("d", { file:truncate(0) })' >holds.lua
scenario "$reader"'
thread("b", { map:pin(0):as "io", unpin "io" })
thread("admin", { pmem:unbind() })' >violates.lua
scenario 'thread("a", { map:read(0) })
thread("b", { map:read(0), file:truncate(0) })' >small.lua

# What is the same however often the search was stopped.
figures() {
	sed -E 's/"seconds".*//' "$1"
}

# for_a_while SIGNAL SECONDS OPTION...: in a shell of its own, which tells nobody who was killed
for_a_while() {
	(
		timeout -s "$1" "$2" "$mmref" run --json "${@:3}" >out 2>err
		exit $?
	) 2>/dev/null
}

# stopped_and_gone_on_with SIGNAL SCENARIO RULES: each time it may go on a little longer, so that it
# comes to its end, the shortest run included, which is looked for in one go
stopped_and_gone_on_with() {
	local name="$2 under $3, stopped by $1" stops=0 seconds resume=()

	rm -f kept
	"$mmref" run --json --rules "$3" "$2" >whole
	while [ $stops -lt 100 ]; do
		seconds=$(printf '%d.%03d' $((stops / 10)) $((stops % 10 * 100 + 50 + RANDOM % 200)))
		for_a_while "$1" "$seconds" --rules "$3" --checkpoint kept --checkpoint-seconds 0.05 \
			"${resume[@]}" "$2"
		if [ $? -eq 2 ]; then
			fail "$name: $(head -n 1 err)"
			return
		fi
		! grep -q '"complete":true' out || break
		stops=$((stops + 1))
		[ ! -e kept ] || resume=(--resume kept)
	done
	if [ $stops -lt $least ]; then
		fail "$name: stopped $stops times"
	elif [ "$(figures out)" != "$(figures whole)" ]; then
		fail "$name: other figures after $stops stops:"
		diff <(figures whole) <(figures out)
	else
		echo "ok      $name $stops times"
		pass
	fi
}

for signal in TERM KILL; do
	stopped_and_gone_on_with $signal holds.lua v6.1
	stopped_and_gone_on_with $signal holds.lua v7.2
	stopped_and_gone_on_with $signal violates.lua v7.2
done

# --- files that are none of this search -------------------------------------------

# refused NAME TEXT OPTION...: status 2, nothing on standard output, and one line that has TEXT
refused() {
	local name=$1 text=$2
	shift 2
	"$mmref" run --json "$@" >out 2>err
	if [ $? -ne 2 ] || [ -s out ] || [ "$(wc -l <err)" -ne 1 ] || ! grep -qF -- "$text" err; then
		fail "$name: $(cat out err)"
	else
		pass
	fi
}

# altered AT BYTE: kept with another byte at AT, in altered
altered() {
	cp kept altered
	printf "$2" | dd of=altered bs=1 seek="$1" conv=notrunc status=none
}

"$mmref" run --json --rules v7.2 small.lua >whole
"$mmref" run --json --rules v7.2 --max-states 300 --checkpoint kept small.lua >bounded
"$mmref" run --json --rules v7.2 --resume kept --checkpoint ended small.lua >out
if grep -q '"states":300,' bounded && [ "$(figures out)" = "$(figures whole)" ]; then
	pass
else
	fail "gone on with after a bound: $(cat bounded out)"
fi
"$mmref" run --json --rules v7.2 --resume ended --max-seconds 0.000001 small.lua >out
if [ "$(figures out)" = "$(figures whole)" ]; then
	pass
else
	fail "there is nothing left to explore at the end: $(cat out)"
fi

size=$(stat -c %s kept)
for ((i = 0; i < 40; i++)); do
	at=$(((RANDOM * 32768 + RANDOM) % size))
	byte=$(od -An -tu1 -j $at -N1 kept)
	altered $at "\\x$(printf %x $((byte ^ 1 << RANDOM % 8)))"
	refused "byte $at altered" "altered: " --rules v7.2 --resume altered small.lua
done
for at in 0 1 19 20 60 $((size / 2)) $((size - 16)) $((size - 1)); do
	head -c $at kept >short
	refused "cut to $at bytes" "short: " --rules v7.2 --resume short small.lua
done
cat kept kept >twice
refused "twice in one file" "damaged" --rules v7.2 --resume twice small.lua
refused "of another scenario" "another scenario" --rules v7.2 --resume kept holds.lua
refused "of another rule set" "another rule set" --rules v6.1 --resume kept small.lua
refused "none at all" "cannot be read" --rules v7.2 --resume missing small.lua
refused "a folder" "cannot be read" --rules v7.2 --resume . small.lua
refused "a scenario" "no checkpoint" --rules v7.2 --resume small.lua small.lua
refused "too big for its memory" "not enough memory" --rules v7.2 --max-memory 70K --resume ended small.lua
limit=$(ulimit -S -s)
ulimit -S -s unlimited
refused "at other addresses" "other addresses" --rules v7.2 --resume kept small.lua
ulimit -S -s "$limit"
echo >>small.lua
refused "of a scenario that has changed" "not what it was" --rules v7.2 --resume kept small.lua

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
