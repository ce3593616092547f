#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What README.md and docs/ show is what happens: each command is run and must print the lines that
# follow it ("..." stands for any), and each piece of code stands so in a file that is tested.
set -u
mmref=$1 source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

mkdir "$scratch/bin"
ln -s "$mmref" "$scratch/bin/mmref"
export PATH=$scratch/bin:$PATH
export COLUMNS=100
cd "$source" || exit 1

# Do the lines of $1, "..." standing for any number of lines, match those of $2?
matches() {
	awk '
		NR == FNR { want[++n] = $0; next }
		{ got[++m] = $0 }
		END {
			j = 1
			for (i = 1; i <= n; i++) {
				if (want[i] == "...") { gap = 1; continue }
				while (j <= m && got[j] != want[i] && gap) j++
				if (j > m || got[j] != want[i]) {
					print "not printed: " want[i]
					exit 1
				}
				j++; gap = 0
			}
			if (j <= m && !gap) { print "not shown: " got[j]; exit 1 }
		}' "$1" "$2"
}

# Run a command of a document, and compare. A reader's terminal clears the lines of progress.
try() {
	bash -c "$command" 2>&1 | grep -vE '^mmref: .* under .*: (.* (states|runs), [0-9]+/s|.*, after [0-9]+ s)' \
		>"$scratch/got"
	if said=$(matches "$scratch/want" "$scratch/got"); then
		passed=$((passed + 1))
	else
		echo "$document: $command: $said"
		failed=$((failed + 1))
	fi
}

for document in README.md docs/*.md; do
	inside=no command=
	while IFS= read -r line; do
		case $inside,$line in
		no,'```console') inside=yes command= ;;
		yes,'```') [ -z "$command" ] || try; inside=no ;;
		yes,'$ '*) [ -z "$command" ] || try; command=${line#\$ }; : >"$scratch/want" ;;
		yes,*) printf '%s\n' "$line" >>"$scratch/want" ;;
		esac
	done <"$document"
done

# Does the text of $1 stand in $2, line for line?
stands_in() {
	perl -0777 -e '
		my ($block, $file) = map { open(my $f, "<", $_) or die; <$f> } @ARGV;
		exit(index($file, $block) < 0)' "$1" "$2"
}

# Code: every line of a block must stand, in this order and together, in some tested file.
for document in README.md docs/*.md; do
	for language in lua c; do
		awk -v language="$language" -v out="$scratch/block" '
			$0 == "```" language { n++; inside = 1; next }
			$0 == "```" { inside = 0 }
			inside { print > (out "." language "." n) }' "$document"
		for block in "$scratch"/block."$language".*; do
			[ -e "$block" ] || continue
			found=no
			for file in docs/examples/* tests/install/consumer/*.c tests/unit/*.c \
				sim/scenarios/*/*.lua; do
				if [ -f "$file" ] && stands_in "$block" "$file"; then
					found=yes
					break
				fi
			done
			if [ $found = yes ]; then
				passed=$((passed + 1))
			else
				echo "$document: code that stands in no tested file:"
				cat "$block"
				failed=$((failed + 1))
			fi
			rm "$block"
		done
	done
done

# Every word of the scenario language is told of.
words=$(sed -nE 's/^\t\{ "([a-z_]+)", [a-z_]+ \},$/\1/p; s/^\t\t\{ "([a-z_]+)", OPTION_.*/\1/p' \
	sim/script/*.c
	sed -nE 's/^MMREF_OP\([A-Z_]+, "([a-z_]+)",.*/\1/p' include/mmref/operations.def | grep -vx release
	sed -nE 's/^\t\{ MMREF_[A-Z]+, "([a-z_]+)", [a-z_]+ \},$/\1/p' sim/script/objects.c)
[ "$(wc -w <<<"$words")" -gt 70 ] || { echo "words were not found"; failed=$((failed + 1)); }
for word in $words; do
	if grep -qw "$word" docs/scenarios.md; then
		passed=$((passed + 1))
	else
		echo "docs/scenarios.md: tells nothing of '$word'"
		failed=$((failed + 1))
	fi
done

# Every command and every option is told of, and what is told of is one: of mmref, or of these.
others=" --all --array --cflags --coverage --install --mutants --only --output --prefix --preset --wait --workflow --wrap "
commands=$("$mmref" --help | sed -nE 's/^  ([a-z]+)  .*/\1/p')
[ "$(wc -w <<<"$commands")" -gt 6 ] || { echo "commands were not found"; failed=$((failed + 1)); }
options=$(for command in '' $commands; do "$mmref" $command --help; done |
	grep -oE -- '--[a-z][a-z-]+' | sort -u)
told=$(cat README.md docs/*.md | grep -oE -- '--[a-z][a-z-]+' | sort -u)
# holds COMPLAINT COMMAND...: it ends well
holds() {
	if "${@:2}" >/dev/null; then
		passed=$((passed + 1))
	else
		echo "$1"
		failed=$((failed + 1))
	fi
}
for command in $commands; do
	holds "no document tells of mmref $command" grep -F "mmref $command" README.md docs/*.md
done
for option in $options; do
	[ "$option" = --version ] ||
		holds "no document tells of $option" grep -xF -- "$option" <<<"$told"
done
for option in $told; do
	[[ $others == *" $option "* ]] ||
		holds "a document tells of $option, which there is not" \
			grep -xF -- "$option" <<<"$options"
done

# Links between documents lead somewhere.
for document in README.md docs/*.md; do
	for target in $(grep -oE '\]\([^)#]+\)' "$document" | sed 's/^](//; s/)$//'); do
		if [ -e "$(dirname "$document")/$target" ]; then
			passed=$((passed + 1))
		else
			echo "$document: $target is not there"
			failed=$((failed + 1))
		fi
	done
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
