# SPDX-License-Identifier: MIT
# Writing man(7): what markdown.awk, help.awk and header.awk share.
#
#	paragraph()	the next text begins a paragraph
#	item(tag)	the next text belongs to @tag; "*" is a bullet
#	text(words)	filled text, in which `code` is bold
#	code(line)	a line as it stands; closed by whatever comes next that is not code
#
# None writes a macro that mandoc -Tlint would find superfluous.

function escape(words) {
	gsub(/\\/, "\\e", words)
	gsub(/-/, "\\-", words)
	gsub(/'/, "\\(aq", words)
	gsub(/`/, "\\(ga", words)
	gsub(/\^/, "\\(ha", words)
	gsub(/~/, "\\(ti", words)
	return words
}

function finish() {
	if (in_code)
		print ".EE"
	in_code = 0
}

function macro(line) {
	finish()
	pending = 0
	print line
	fresh = line ~ /^\.(SH|SS|PP|IP)/
}

function paragraph() {
	finish()
	pending = 1
}

function begin_text() {
	if (in_code)
		paragraph()
	if (pending && !fresh)
		macro(".PP")
	pending = fresh = 0
}

# Bold between backticks; outside of them links by their text, **bold** by its words, @argument in
# italics.
function inline(words,   parts, n, i, out, target) {
	n = split(words, parts, "`")
	for (i = 1; i <= n; i++) {
		if (i % 2 == 0) {
			out = out "\\fB" escape(parts[i]) "\\fR"
			continue
		}
		while (match(parts[i], /!?\[[^]]*\]\([^)]*\)/)) {
			target = substr(parts[i], RSTART, RLENGTH)
			parts[i] = substr(parts[i], 1, RSTART - 1) link(target) \
				   substr(parts[i], RSTART + RLENGTH)
		}
		gsub(/\*\*/, "", parts[i])
		words = escape(parts[i])
		gsub(/@[a-z_]+/, "\\fI&\\fR", words)
		gsub(/\\fI@/, "\\fI", words)
		out = out words
	}
	return out
}

function link(whole,   shown, target) {
	if (whole ~ /^!/)
		return ""
	shown = target = whole
	sub(/^\[/, "", shown)
	sub(/\]\(.*/, "", shown)
	sub(/^[^(]*\(/, "", target)
	sub(/\)$/, "", target)
	return target ~ /^http/ && target != shown ? shown " (" target ")" : shown
}

function text(words,   word, n, i, line) {
	n = split(inline(words), word, /[ \t]+/)
	for (i = 1; i <= n; i++) {
		if (word[i] == "")
			continue
		if (line != "" && length(line) + length(word[i]) > 74) {
			print line
			line = ""
		} else if (line == "") {
			begin_text()
		}
		if (line == "" && word[i] ~ /^[.']/)
			word[i] = "\\&" word[i]
		line = line (line == "" ? "" : " ") word[i]
	}
	if (line != "")
		print line
}

function item(tag) {
	if (tag == "*") {
		macro(".IP \\(bu 2")
		return
	}
	macro(".TP")
	print inline(tag)
	fresh = 1
}

function section(title) {
	macro(".SH " toupper(escape(title)))
}

function subsection(title) {
	macro(".SS " inline(title))
}

function expand(line,   out, i, c) {
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c != "\t") {
			out = out c
			continue
		}
		do
			out = out " "
		while (length(out) % 8)
	}
	return out
}

function code(line) {
	if (!in_code) {
		paragraph()
		begin_text()
		macro(".EX")
		in_code = 1
	}
	line = escape(expand(line))
	print line ~ /^[.']/ ? "\\&" line : line
}

