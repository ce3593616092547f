#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Input and circumstances that were made to hurt: each ends in one clear line, or in the right
# answer.
#
#	tests/cli/attacks.sh MMREF SOURCE_DIR
set -u
mmref=$(realpath "$1")
source=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
passed=0 failed=0

check() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		echo "FAILED  $1: '$2', not '$3'"
		failed=$((failed + 1))
	fi
}

# refused NAME TEXT ARGUMENT...: within ten seconds status 2 and one line that has TEXT
refused() {
	local name=$1 text=$2 status
	shift 2
	timeout 10 "$mmref" "$@" >out 2>err </dev/null
	status=$?
	check "$name: status" "$status" 2
	check "$name: lines" "$(wc -l <err)" 1
	check "$name: text" "$(grep -cF -- "$text" err)" 1
}

example=$source/docs/examples/waiter-nobody-wakes.lua
other=$source/sim/scenarios/unplug/fault-against-unbind.lua

# pairs() has an order: each process builds the same program, and shards fit together
pairs=$source/tests/cli/attacks/threads-by-pairs.lua
for ((i = 0; i < 8; i++)); do
	"$mmref" run --json --rules v7.2 --max-states 5000 "$pairs" |
		sed 's/.*"states"/"states"/; s/,"seconds".*//'
done | sort -u >figures
check "programs made by pairs()" "$(wc -l <figures)" 1

# the file that is written has a name that nobody can guess, and no link is followed
echo precious >victim
ln -s victim kept.new
"$mmref" run --rules v6.1 --max-states 50 --checkpoint kept "$example" >/dev/null
check "a link named F.new" "$(cat victim)" precious
echo notes >run.new
"$mmref" explain --rules v6.1 --save run "$example" >/dev/null
check "a file named F.new" "$(cat run.new)" notes
check "what was saved" "$(head -c 5 run)" mmref
check "names left behind" "$(ls -- kept.?????? run.?????? 2>/dev/null | wc -l)" 0
(umask 027 && "$mmref" explain --rules v6.1 --save masked "$example" >/dev/null)
check "mode of a new file" "$(stat -c %a masked)" 640

# of two that write one file each writes all of it
"$mmref" explain --rules v6.1 --html one "$example" >/dev/null
"$mmref" explain --rules v6.1 --html two "$other" >/dev/null
mixed=0
for ((i = 0; i < 15; i++)); do
	"$mmref" explain --rules v6.1 --html both "$example" >/dev/null &
	"$mmref" explain --rules v6.1 --html both "$other" >/dev/null &
	wait
	cmp -s both one || cmp -s both two || mixed=$((mixed + 1))
done
check "files of two writers that are neither's" "$mixed" 0

refused "one file by two names" "are one file" \
	explain --rules v6.1 --save same --html ./same "$example"

# shards tell of the text that they explored
cp "$source/tests/cli/attacks/threads-by-pairs.lua" edited.lua
for i in 1 2; do
	"$mmref" run --shard $i/2 --rules v6.1 edited.lua >part.$i
done
check "merge" "$("$mmref" merge --json part.1 part.2 | grep -c '"sum":true')" 1
mkfifo wait_for_it
sed 's/"version":"[^"]*"/"version":"0.0.9"/' part.2 >old.2
refused "a shard of another version" "made by mmref 0.0.9" merge part.1 old.2
"$mmref" run --no-livelocks --shard 2/2 --rules v6.1 edited.lua >other.2
refused "a shard that looked for no livelocks" "another option" merge part.1 other.2
"$mmref" run --json --shard 2/2 --rules v6.1 edited.lua >part.2 &
shard=$!
for ((i = 0; i < 500; i++)); do	# until it has read the script and explores
	[ "$(awk '{ print $14 }' /proc/$shard/stat 2>/dev/null || echo 9)" -ge 5 ] && break
	sleep 0.01
done
cp "$example" edited.lua
wait $shard
refused "a shard of a text that was replaced meanwhile" "it has changed since" merge part.1 part.2

# A FIFO without a writer reads as empty, and a device is not read.
refused "a FIFO to replay" "not a saved schedule" replay wait_for_it
refused "a FIFO to merge" "is empty" merge wait_for_it
refused "a FIFO to conform" "the file is empty" \
	conform --kernel v6.1 --table wait_for_it --outcomes wait_for_it
refused "a device to conform" "neither a file nor a pipe" \
	conform --kernel v6.1 --table /dev/zero --outcomes /dev/zero

# threads with names of the model's own, or of others
sed 's/"app"/"rcu"/; s/"admin"/"rcu\/2"/' "$source/sim/scenarios/unplug/fault-against-unbind.lua" \
	>named.lua
check "threads named rcu" "$(grep -c '^thread("rcu' named.lua)" 2
"$mmref" explain --rules v6.1 --save named named.lua >/dev/null
"$mmref" replay named >/dev/null 2>err
check "a saved run of threads named rcu" "$?:$(cat err)" "0:"

cp "$example" "$(printf 'two\nlines.lua')"
refused "a file name of two lines" "line break" run "$(printf 'two\nlines.lua')"
printf '%s\nthread("\xc0\xaf", { map:read(0) })\n' \
	'local map = process():mmap { anon = true, pages = 1 }' >overlong.lua
refused "a name in overlong UTF-8" "save the file as UTF-8" run overlong.lua
name=$(printf 'surrogate\xed\xa0\x80.lua')
cp "$example" "$name"
"$mmref" run --json --rules v6.1 "$name" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1
check "JSON of a file name in no UTF-8" "${PIPESTATUS[1]}" 0

refused "seconds that overflow" "at most 1e9" run --max-seconds 1e300 "$example"
refused "a checkpoint that cannot be written" "kept" \
	run --rules v6.1 --checkpoint no/such/folder/kept "$example"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
