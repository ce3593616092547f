# SPDX-License-Identifier: MIT
# Sourced: rows of the file $catalogue, which catalogue.sh has written.

# The scenarios that expect something of each rule set of $1, a list as --rules takes it.
files_under() {
	jq -rs --arg sets "$1" 'group_by(.file)[] | [.[].rules] as $rules |
		select(all($sets / "," | .[]; IN($rules[]))) | .[0].file' "$catalogue"
}

# Their rows under these rule sets.
of_rules() {
	grep -E "\"rules\":\"(${1//,/|})\"" "$catalogue" |
		grep -F -f <(files_under "$1" | sed 's/.*/"file":"&"/')
}
