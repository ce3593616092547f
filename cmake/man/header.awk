# SPDX-License-Identifier: MIT
# A public header as a section of libmmref(3): the comment at its head, then each declaration under
# the comment that documents it. Preprocessor lines for the compiler alone are left out.

# Text of a comment: lines that begin with a tab stand as they are, others are filled.
function comment(body,   lines, n, i, words) {
	n = split(body, lines, "\n")
	for (i = 1; i <= n; i++) {
		if (lines[i] ~ /^[ \t]*$/ || lines[i] ~ /^\t/ || lines[i] ~ /\t\t/) {
			text(words)
			words = ""
			if (lines[i] ~ /[^ \t]/)
				code(lines[i] ~ /^\t/ ? lines[i] : "\t" lines[i])
			else if (in_code && lines[i + 1] ~ /^\t/)
				code("")
			else
				paragraph()
		} else {
			words = words " " lines[i]
		}
	}
	text(words)
	paragraph()
}

# The comment that begins in line @i, without its frame, into @said; the last line of it.
function read_comment(i,   body) {
	said = ""
	for (;; i++) {
		body = line[i]
		sub(/^ *\/\*/, "", body)
		last = sub(/ *\*\/ *$/, "", body)
		sub(/^ \*/, "", body)
		sub(/^ /, "", body)
		said = said (said == "" ? "" : "\n") body
		if (last || i >= n)
			return i
	}
}

function is_boilerplate(l) {
	return l ~ /^#(ifndef|ifdef|else|endif|include <(mmref|std|string)|pragma)/ ||
	       l ~ /^(extern "C" \{|\}|)$/ || l ~ /^#define MMREF_[A-Z_]*_H$/ ||
	       l ~ /^struct [a-z_]+;$/
}

# Does the line @l, with @depth brackets open after it, end a declaration, or (@is_macro) a macro?
function is_whole(l, depth, is_macro) {
	if (is_macro)
		return l !~ /\\$/
	return depth <= 0 && l ~ /[;}]([ \t]*\/\*.*)?$/
}

# Shows a declaration, or (@hide) passes over it; the last line of it.
function declaration(i, hide,   depth, shown, is_macro) {
	is_macro = line[i] ~ /^#/
	for (;; i++) {
		shown = line[i]
		depth += gsub(/[{(]/, "&", shown) - gsub(/[})]/, "&", shown)
		if (!hide)
			code("    " expand(line[i]))
		if (is_whole(line[i], depth, is_macro) || i >= n)
			return i
	}
}

# Passes over a static declaration, which is no part of the interface.
function static_declaration(i) {
	if (line[i] !~ /^static inline/)
		return declaration(i, 1)
	while (line[i] !~ /^}/)
		i++
	return i
}

{ line[++n] = $0 }

END {
	subsection("<" name ">")
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^\/\* SPDX/ || is_boilerplate(line[i])) {
			paragraph()
		} else if (line[i] ~ /^ *\/\*/) {
			i = read_comment(i)
			if (line[i + 1] ~ /^static /)
				continue
			paragraph()
			if (match(said, /---+ [^-].* ---+/)) {
				heading = substr(said, RSTART, RLENGTH)
				said = substr(said, RSTART + RLENGTH + 1)
				gsub(/^-+ | -+$/, "", heading)
				text("`" heading "`")
				paragraph()
			}
			comment(said)
		} else if (line[i] ~ /^static /) {
			i = static_declaration(i)
		} else {
			i = declaration(i)
		}
	}
	finish()
}
