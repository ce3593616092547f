# SPDX-License-Identifier: MIT
# bash completion for mmref: the command itself lists what could follow.
_mmref()
{
	local cur=${COMP_WORDS[COMP_CWORD]} word
	local -a words
	mapfile -t words < <("${COMP_WORDS[0]}" --complete "$COMP_CWORD" "${COMP_WORDS[@]}" 2>/dev/null)

	COMPREPLY=()
	[ "$cur" = "=" ] && cur=
	for word in "${words[@]}"; do
		if [ "$word" = / ]; then
			compopt -o filenames 2>/dev/null
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
		else
			COMPREPLY+=("$word")
		fi
	done
}
complete -F _mmref mmref
