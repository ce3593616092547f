# SPDX-License-Identifier: MIT
# Sourced by the tests of this folder and of tests/build: $scratch, check, silent, finish.
scratch=$(mktemp -d /tmp/mmref-install.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# check WHAT COMMAND...: it succeeds
check() {
	local what=$1
	shift
	if "$@" >"$scratch/log" 2>&1; then
		passed=$((passed + 1))
	else
		echo "failed: $what"
		tail -n 20 "$scratch/log"
		failed=$((failed + 1))
	fi
}

# silent COMMAND...: it succeeds and prints nothing
silent() {
	local said
	said=$("$@" 2>&1) && [ -z "$said" ] || { echo "$said"; return 1; }
}

finish() {
	echo "$passed passed, $failed failed"
	[ $failed -eq 0 ]
}
