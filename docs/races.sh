#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints docs/races.md: the first sentence of each scenario's head, and how it comes out, of
# tests/explore/scenarios.expected, which tests/explore/scenarios.sh holds against the model.
#
#	bash docs/races.sh >docs/races.md
set -eu
cd "$(dirname "$0")/.."

# "folder name sentence" of each scenario: the comment up to the first line that is empty.
heads() {
	awk '
	function tell() { print path[3] "\t" substr(path[4], 1, length(path[4]) - 4) "\t" sentence }
	FNR == 1 { if (NR > 1) tell(); split(FILENAME, path, "/"); sentence = ""; told = 0 }
	/SPDX/ || told { next }
	!/^-- ./ { told = 1; next }
	{ sub(/^-- /, ""); sentence = sentence (sentence ? " " : "") $0 }
	END { tell() }' sim/scenarios/*/*.lua
}

awk -F'\t' '
function verdict(name, rules) { return (name, rules) in came ? came[name, rules] : "" }
function holds(name, rules) { return verdict(name, rules) == "holds" }
function breaks(name, rules) { return verdict(name, rules) != "" && !holds(name, rules) }

function link(i) { return "[" name[i] "](../sim/scenarios/" folder[i] "/" name[i] ".lua)" }

# Its verdicts under the kernels, those that are the same in a row told once: "v6.1 to v6.12 holds".
function kernels_of(i,    k, text, first, word) {
	for (k = 1; k <= nr_kernels; k++) {
		word = verdict(name[i], kernel[k])
		if (word == "") continue
		first = kernel[k]
		while (k < nr_kernels && verdict(name[i], kernel[k + 1]) == word) k++
		text = text (text ? ", " : "") first (first != kernel[k] ? " to " kernel[k] : "") " " word
	}
	return text
}

function belongs(i, list,    n) {
	n = name[i]
	if (list == "mended in v6.12") return breaks(n, "v6.1") && holds(n, "v6.12")
	if (list == "mended in v6.15") return breaks(n, "v6.12") && holds(n, "v6.15")
	if (list == "mended in v7.2") return breaks(n, "v6.15") && holds(n, "v7.2")
	if (list == "new in v6.15") return holds(n, "v6.12") && breaks(n, "v6.15")
	if (list == "new in v7.2") return holds(n, "v6.15") && breaks(n, "v7.2")
	return breaks(n, "v7.2")
}

function print_list(list, heading, none,    i, nr) {
	for (i = 1; i <= nr_scenarios; i++) nr += belongs(i, list)
	printf "\n%s (%d)\n\n", heading, nr
	for (i = 1; i <= nr_scenarios; i++)
		if (belongs(i, list)) printf "* %s: %s\n  %s.\n", link(i), sentence[i], kernels_of(i)
	if (!nr) print none
}

function print_row(i,    row, k, s, mistakes) {
	row = "| " link(i) " | " sentence[i] " |"
	for (k = 1; k <= nr_sets; k++) row = row " " verdict(name[i], set[k]) " |"
	for (s = 1; s <= nr_others; s++)
		if (verdict(name[i], other[s]) != "")
			mistakes = mistakes (mistakes ? ", " : "") other[s] " " verdict(name[i], other[s])
	print row " " mistakes " |"
}

function print_table(    i, k, head, rule, last) {
	head = "| race | what happens |"; rule = "|---|---|"
	for (k = 1; k <= nr_sets; k++) { head = head " " set[k] " |"; rule = rule "---|" }
	for (i = 1; i <= nr_scenarios; i++) {
		if (folder[i] != last) printf "\n### %s\n\n%s variants |\n%s---|\n", folder[i], head, rule
		last = folder[i]
		print_row(i)
	}
}

BEGIN {
	nr_kernels = split("v6.1 v6.12 v6.15 v7.2", kernel, " ")
	nr_sets = split("v6.1 v6.12 williams-2022-v2 williams-2022 gunthorpe-2022 popple-2023 " \
			"v6.15 v7.2", set, " ")
	for (k = 1; k <= nr_sets; k++) is_set[set[k]] = 1
}
NR == FNR {
	folder[++nr_scenarios] = $1
	name[nr_scenarios] = $2
	sentence[nr_scenarios] = $3
	next
}
{
	split($0, field, " ")
	came[field[1], field[2]] = field[4] == "null" ? field[3] : field[4]
	if (!(field[2] in is_set) && !seen[field[2]]++)
		other[++nr_others] = field[2]
}
END {
	print "# The races, and which kernels have them"
	print ""
	print "Made by docs/races.sh of the scenarios in sim/scenarios: what each tells of, and how it comes out"
	print "when every interleaving is explored: that it holds, or the gravest that is found, be it by another"
	print "way than the one in its name. Of a rule set that a scenario says nothing of, nothing is said."
	print ""
	print "## What v6.15 changed"
	print ""
	print "Up to v6.14 an idle page counts 1 and page tables hold nothing; since v6.15 an idle page counts 0"
	print "and each entry of a page table holds one."
	print_list("mended in v6.15", "### Mended: in v6.12, and not in v6.15", "None.")
	print_list("new in v6.15", "### New: in v6.15, and not in v6.12", "None.")
	print "\n## Before and after"
	print_list("mended in v6.12", "### In v6.1, and not in v6.12", "None.")
	print_list("mended in v7.2", "### In v6.15, and not in v7.2", "None.")
	print_list("new in v7.2", "### In v7.2, and not in v6.15", "None.")
	print_list("open in v7.2", "## Open: in v7.2", "None.")
	print "\n## All of them"
	print "\nVariants are rule sets with one mistake in them, as posted or as they once were; see"
	print "[model.md](model.md)."
	print_table()
}' <(heads) tests/explore/scenarios.expected
