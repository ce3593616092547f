# SPDX-License-Identifier: MIT
# What a command prints with --help, as sections of a man page:
#
#	usage: mmref run ...	the synopsis
#	Exit status		a heading, if what follows is indented
#	  --rules A,B  those	a tag and its text, continued by deeper lines
#	  the counts of each	a bullet, continued by deeper lines
#	Explores every ...	text
#
# With -v skip=1 the first line is left out; with -v synopsis=A and -v description=B the synopsis and
# what follows it are sections of these names.

{ line[++n] = $0 }

function is_heading(i) {
	return line[i] ~ /^[A-Z][A-Za-z ]*$/ && line[i - 1] == "" && line[i + 1] ~ /^  [^ ]/
}

function indented(i,   tag, rest) {
	rest = substr(line[i], 3)
	if (match(rest, /  +/)) {
		tag = substr(rest, 1, RSTART - 1)
		rest = substr(rest, RSTART + RLENGTH)
	} else if (rest ~ /^-/) {
		tag = rest
		rest = ""
	} else {
		tag = "*"
	}
	item(tag == "*" ? tag : "`" tag "`")
	while (line[i + 1] ~ /^    /) {
		sub(/^ +/, "", line[++i])
		rest = rest " " line[i]
	}
	text(rest)
	return i
}

END {
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^usage: /) {
			if (synopsis)
				section(synopsis)
			while (line[i] != "") {
				code(substr(line[i], 8))
				i++
			}
			if (description)
				section(description)
			else
				paragraph()
		} else if (line[i] == "") {
			paragraph()
		} else if (is_heading(i)) {
			section(line[i])
		} else if (line[i] ~ /^  [^ ]/) {
			i = indented(i)
		} else if (!(i == 1 && skip)) {
			words = line[i]
			while (line[i + 1] ~ /^[^ ]/)
				words = words " " line[++i]
			paragraph()
			text(words)
		}
	}
	finish()
}
