#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which packages .ci/setup asks apt for: the tier build wants -dev packages and tools that build, and
# no tier wants npm. dpkg-query and apt-get are replaced; nothing is installed.
set -eu
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0
mkdir "$scratch/bin"

# installed PACKAGE...: what dpkg-query says is there
installed() {
	printf '%s\n' "$@" >"$scratch/installed"
}

# command NAME LINE: replaces a command
command_is() {
	printf '#!/bin/sh\n%s\n' "$2" >"$scratch/bin/$1"
	chmod +x "$scratch/bin/$1"
}
command_is dpkg-query "for last; do :; done
grep -qx \"\$last\" '$scratch/installed' && echo 'install ok installed'"
command_is apt-get "echo \"\$@\" >>'$scratch/apt'"
command_is sudo 'exec "$@"'
set +e

# asks TIER: the packages that apt is asked for, one a line
asks() {
	rm -f "$scratch/apt"
	PATH=$scratch/bin:$PATH "$source/.ci/setup" "$@" >"$scratch/out" 2>&1
	[ ! -e "$scratch/apt" ] || sed -n 's/^install //p' "$scratch/apt" | tr ' ' '\n' | grep -v '^-'
}

check() {
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "FAILED  $what: $(cat "$scratch/out")"
		failed=$((failed + 1))
	fi
}

daemons=(munge slurm-wlm slurmctld slurmd)
installed "${daemons[@]}"
asks build >"$scratch/build"
check "the tier build: development packages and what compiles" [ -z "$(grep -vE \
	'^(lib[a-z0-9.+-]*-dev|gcc|cmake|ninja-build|pkg-config)$' "$scratch/build")" ]
check "the tier build is not empty" grep -qx liblua5.4-dev "$scratch/build"
check "what apt does is shown" [ -z "$(grep -E -- ' -q' "$scratch/apt")" ]
for tier in tests all coverage; do
	asks $tier >"$scratch/$tier"
	check "the tier $tier has the packages of build" [ -z "$(comm -23 <(sort "$scratch/build") \
		<(sort "$scratch/$tier"))" ]
	check "the tier $tier wants no npm" [ -z "$(grep -xE 'npm|nodejs' "$scratch/$tier")" ]
done
check "the tier tests has no browser" [ -z "$(grep -E 'chrom|selenium' "$scratch/tests")" ]
check "the tier all has one" grep -qx chromium-driver "$scratch/all"

installed $(cat "$scratch/build")
check "what is there is not asked for" [ -z "$(asks build)" ]
asks nonsense >/dev/null
check "a tier that does not exist" grep -q "there is no tier 'nonsense'" "$scratch/out"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
