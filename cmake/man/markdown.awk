# SPDX-License-Identifier: MIT
# A page of docs/ as sections of a man page: headings, paragraphs, lists, tables, code. A row of a
# table is a tag and its text; each further column is named by its heading.

{ line[++n] = $0 }

function is_text(i) {
	return line[i] != "" && line[i] !~ /^(#|```|\||[*-] |[0-9]+\. )/
}

function cells(row, cell,   n, i) {
	gsub(/^\| *| *\|$/, "", row)
	gsub(/\\\|/, "\001", row)
	n = split(row, cell, / *\| */)
	for (i = 1; i <= n; i++)
		gsub(/\001/, "|", cell[i])
	return n
}

function table(i,   heading, cell, columns, j, shown) {
	columns = cells(line[i], heading)
	for (i += 2; line[i] ~ /^\|/; i++) {
		cells(line[i], cell)
		item(cell[1])
		shown = cell[2]
		for (j = 3; j <= columns; j++)
			shown = shown "; " heading[j] ": " cell[j]
		text(shown)
	}
	paragraph()
	return i - 1
}

# The text from line @i on, with the lines that continue it.
function gather(i, words) {
	while (is_text(i + 1)) {
		sub(/^ +/, "", line[++i])
		words = words " " line[i]
	}
	text(words)
	return i
}

END {
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^# / || line[i] == "") {
			paragraph()
		} else if (line[i] ~ /^## /) {
			section(substr(line[i], 4))
		} else if (line[i] ~ /^#+ /) {
			sub(/^#+ /, "", line[i])
			subsection(line[i])
		} else if (line[i] ~ /^```/) {
			while (line[++i] !~ /^```/ && i <= n)
				code("    " expand(line[i]))
			paragraph()
		} else if (line[i] ~ /^\|/) {
			i = table(i)
		} else if (match(line[i], /^([*-]|[0-9]+\.) +/)) {
			item(line[i] ~ /^[0-9]/ ? substr(line[i], 1, index(line[i], " ") - 1) : "*")
			i = gather(i, substr(line[i], RLENGTH + 1))
		} else {
			i = gather(i, line[i])
		}
	}
	finish()
}
