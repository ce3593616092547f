#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints docs/functions.md, the index of kernel functions, from what the command lists.
#
#	bash docs/functions.sh build/release/sim/mmref >docs/functions.md
set -eu
mmref=$1
cd "$(dirname "$0")/.."

cat <<'TEXT'
# Kernel functions

Find the function that your patch changes, write its new body in a file of your own, and ask which races it
opens or closes: [rules.md](rules.md). Each function below can be replaced under its own name. The last column
says where its bodies are: one that all kernels share, or one for each kernel that changed it.
`mmref rules v6.12 v7.2` lists the functions in which two kernels differ.

Arguments are the kernel's; those that the model has no use for are left out, and offsets and sizes are pages.
TEXT
# {"dax_wake_entry": "fs/dax.c", ...}: where in lib/ the bodies are that all kernels share
shared=$(cd lib && grep -rE '^[a-z].*\([a-z_0-9]+\)\(' --include='*.c' --exclude-dir=rules . |
	sed -E 's/^\.\/([^:]*):[^(]*\(([a-z_0-9]+)\)\(.*/{"\2":"\1"}/' | jq -s add)
"$mmref" rules --functions --json | jq -r --argjson shared "$shared" '
	def body: "[" + . + "](../lib/rules/" + gsub("[.-]"; "_") + ".c)";
	[.file, .function, .returns, .parameters, .locks, .references,
	 (if .alike then "[every kernel](../lib/" + $shared[.function] + ")" else empty end),
	 (.bodies[] | body)] | .[0:6] + [.[6:] | join(", ")] | @tsv' |
	awk -F'\t' '
	$1 != file {
		file = $1
		printf "\n## %s\n\n| function | locks held | references | bodies |\n|---|---|---|---|\n", file
	}
	{ printf "| `%s%s%s%s` | %s | %s | %s |\n", $3, $3 ~ /\*$/ ? "" : " ", $2, $4, $5, $6, $7 }'
