/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef SCRIPT_UTF8_H
#define SCRIPT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at @text, which ends with a null byte; 0 if there is none. */
static inline size_t utf8_length(const unsigned char *text)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = text[0] < 0x80 ? 1 :
			(text[0] & 0xe0) == 0xc0 ? 2 :
			(text[0] & 0xf0) == 0xe0 ? 3 :
			(text[0] & 0xf8) == 0xf0 ? 4 : 0;
	uint32_t character = text[0] & 0xffu >> (length + 1);

	if (length < 2)
		return length;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (text[i] & 0x3f);
	}
	if (character < least[length] || character > 0x10ffff ||
	    (character >= 0xd800 && character < 0xe000))
		return 0;
	return length;
}

#endif
