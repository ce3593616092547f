#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints a man page, made from what states the facts already:
#
#	man.sh mmref VERSION DATE MMREF		--help of the command MMREF and of each of its commands
#	man.sh mmref-scenario VERSION DATE	docs/scenarios.md
#	man.sh mmref-rules VERSION DATE MMREF	docs/rules.md, <mmref/rules_file.h>, 'mmref rules'
#	man.sh libmmref VERSION DATE		the headers that <mmref/mmref.h> includes, and cmocka.h
set -eu
page=$1 version=$2 date=$3 mmref=${4:-}
here=$(dirname "$0")
source=$here/../..

# begin SECTION VOLUME WHAT-IT-IS
begin() {
	printf '.TH %s %s "%s" "mmref %s" "%s"\n.SH NAME\n' \
		"$(echo "$page" | tr a-z- A-Z-)" "$1" "$date" "$version" "$2"
	printf '%s \\- %s\n' "$page" "$3"
}

# The first heading of a document, without a capital.
title() {
	sed -n 's/^# //p' "$1" | head -n 1 | sed 's/^\(.\)/\L\1/'
}

# convert KIND [AWK-OPTION...] [FILE]
convert() {
	kind=$1
	shift
	awk -v fresh=1 -f "$here/roff.awk" -f "$here/$kind.awk" "$@"
}

see_also() {
	printf '.SH SEE ALSO\n'
	for other in 'mmref 1' 'mmref-scenario 5' 'mmref-rules 7' 'libmmref 3'; do
		[ "${other% *}" = "$page" ] || printf '.BR %s (%s),\n' "${other% *}" "${other#* }"
	done
	printf 'and the documents in the folder that\n.B mmref \\-\\-version\nnames.\n'
}

case $page in
mmref)
	begin 1 'User Commands' "$("$mmref" --help | sed -n '1s/^mmref: //p')"
	"$mmref" --help | convert help -v synopsis=SYNOPSIS -v description=COMMANDS -v skip=1
	for command in $("$mmref" --help | sed -nE 's/^  ([a-z]+)  .*/\1/p'); do
		printf '.SH MMREF %s\n' "$(echo "$command" | tr a-z A-Z)"
		"$mmref" "$command" --help | convert help
	done
	;;
mmref-scenario)
	begin 5 'File Formats' "$(title "$source/docs/scenarios.md")"
	printf '.SH DESCRIPTION\n'
	convert markdown "$source/docs/scenarios.md"
	;;
mmref-rules)
	begin 7 'Miscellaneous Information' "$(title "$source/docs/rules.md")"
	printf '.SH DESCRIPTION\n'
	convert markdown "$source/docs/rules.md"
	printf '.SH HEADER\n'
	convert header -v name=mmref/rules_file.h "$source/include/mmref/rules_file.h"
	printf '.SH RULE SETS\n.EX\n'
	"$mmref" rules | sed 's/\\/\\e/g; s/-/\\-/g'
	printf '.EE\n'
	;;
libmmref)
	begin 3 'Library Functions' "the library of mmref, for unit tests in C and C++"
	printf '.SH SYNOPSIS\n.EX\n#include <mmref/mmref.h>\n\n'
	printf 'cc test.c $(pkg\\-config \\-\\-cflags \\-\\-libs mmref)\n.EE\n.SH DESCRIPTION\n'
	for header in $(sed -n 's/^#include <\(mmref\/.*\)>/\1/p' "$source/include/mmref/mmref.h") \
		mmref/introspect.h mmref/outcome.h mmref/cmocka.h; do
		convert header -v name="$header" "$source/include/$header"
	done
	;;
esac
see_also
