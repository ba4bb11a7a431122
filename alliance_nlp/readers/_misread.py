"""What text looks like where it was read in another encoding than its own: here, or by a program before."""

from __future__ import annotations

import re

# UTF-8 read as Windows-1252 or Latin-1: an apostrophe, a dash or an emoji; a letter with an accent, within a word, so
# that a mark behind a capital is not taken for it; a pound or degree sign beside a figure.
_ACCENTED = r"Ã[\x80-\x9f¡-ª¬-º¼-¿€ƒ†‡ˆ‰Š‹Œž™š›œŸ]"
_AS_WINDOWS = (
    r"â€[™˜œž“”¦¢\x9d]|â„¢|â‚¬|â\x80[\x93\x94\x98\x99\x9c\x9d\xa6]|ðŸ|ð\x9f[\x8c-\x9b\xa4-\xa7]"
    rf"|[a-z][a-z]{_ACCENTED}|{_ACCENTED}[a-z][a-z]|[a-z]{_ACCENTED}[a-z]|Â£\d|\dÂ[°½]"
)
# The apostrophe and its kin, read as Mac Roman.
_AS_MAC = r"‚Ä[ôúùîì¶ò]"
_TWICE_ENCODED = re.compile(f"{_AS_WINDOWS}|{_AS_MAC}")

# Mac Roman's quotation marks and umlauts are capitals in Windows-1252, and there within or at the end of a word.
_LOWER = "a-zß-öø-ÿ"
_MAC_ROMAN = re.compile(rf"[{_LOWER}][ÒÓÔÕŠŽŸ][{_LOWER}]|\bIÕ[{_LOWER}]|[{_LOWER}][ÓÕ](?!\w)|[{_LOWER}][.,?!…É]Ó(?!\w)")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]{5,}")
_LETTERS = frozenset(map(chr, range(0xC0, 0x100))) - {"×", "÷"}
# Finnish, Estonian and Icelandic have words with four such letters on end; "ääääh" has more, of one kind.
_DIFFERENT_LETTERS = 4
_MOST_LETTERS = 5


def twice_encoded(text: str) -> bool:
    """Whether a text holds UTF-8 that was read in another encoding and saved so: ``Iâ€™m``."""
    return not text.isascii() and _TWICE_ENCODED.search(text) is not None


def is_mac_roman_at(text: str) -> int | None:
    """Where a text read as Windows-1252 shows that it is Mac Roman (``IÕm``); None where it does not."""
    found = _MAC_ROMAN.search(text)
    return found.start() if found else None


def is_other_alphabet_at(text: str) -> int | None:
    """Where a text read as Windows-1252 has a stretch of letters as no Western language has; None where it has none."""
    for found in _NOT_ASCII.finditer(text):
        letters = [letter for letter in found[0] if letter in _LETTERS]
        if len(letters) >= _MOST_LETTERS and len({letter.casefold() for letter in letters}) >= _DIFFERENT_LETTERS:
            return found.start()
    return None
