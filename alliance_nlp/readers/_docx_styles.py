"""Styles of a Word document, as far as they make text bold or hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from alliance_nlp.readers._elements import attribute, child, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OFF = {"0", "false", "off", "none"}


def switched(properties: Element | None, name: str) -> bool | None:
    """Whether run properties switch something on or off; None where they say nothing."""
    found = child(properties, name) if properties is not None else None
    return None if found is None else attribute(found, "val") not in _OFF


class _Style(NamedTuple):
    based_on: str
    bold: bool | None
    hidden: bool | None


class Styles:
    """What styles say.

    Parameters
    ----------
    root : Element, optional
        Of ``styles.xml``; None where there is none.
    """

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._of_paragraphs = ""
        for element in root if root is not None else ():
            if local(element) == "style":
                self._add(element)

    def _add(self, element: Element) -> None:
        name = attribute(element, "styleId")
        properties = child(element, "rPr")
        based_on = child(element, "basedOn")
        self._styles[name] = _Style(
            attribute(based_on, "val") if based_on is not None else "",
            switched(properties, "b"),
            switched(properties, "vanish"),
        )
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true", "on"}:
            self._of_paragraphs = name

    def is_bold(self, paragraph: str, run: str) -> bool:
        """Whether the styles of a paragraph and a run make text bold; where both do, Word takes it back.

        ECMA-376, part 1, 17.7.3 (toggle properties).
        """
        return self._says(paragraph or self._of_paragraphs, 1) != self._says(run, 1)

    def is_hidden(self, paragraph: str, run: str) -> bool:
        """Whether the styles hide text; see `is_bold`."""
        return self._says(paragraph or self._of_paragraphs, 2) != self._says(run, 2)

    def _says(self, name: str, place: int) -> bool:
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            if style[place] is not None:
                return bool(style[place])
            name = style.based_on
        return False
