#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The scenarios on real threads. Under v7.2 what holds must hold; where a violation is expected it
# is found, or it is said how often it was tried. Under ThreadSanitizer this is where it looks.
# MMREF_STRESS_SECONDS a scenario, 1 by default.
set -u
mmref=$1 source=$2
seconds=${MMREF_STRESS_SECONDS:-1}
passed=0 failed=0

cd "$source" || exit 1
for scenario in sim/scenarios/*/*.lua; do
	said=$("$mmref" stress "$scenario" --rules v7.2 --seconds "$seconds" 2>&1)
	status=$?
	echo "$said"
	if grep -q 'ThreadSanitizer' <<<"$said" || [ $status -ne 0 ]; then
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
