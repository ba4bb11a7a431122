"""Styles of an OpenDocument text, as far as they make text bold or hidden, and what stands on its pages beside it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from alliance_nlp.readers._elements import attribute, child, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BOLD_FROM = 600


class Look(NamedTuple):
    """How text looks; None where that is left to what is around it."""

    bold: bool | None = None
    hidden: bool | None = None

    def over(self, below: Look) -> Look:
        """This look, and where it says nothing the one below."""
        return Look(
            below.bold if self.bold is None else self.bold, below.hidden if self.hidden is None else self.hidden
        )


class Styles:
    """What styles say.

    Parameters
    ----------
    content : Element
        Root of ``content.xml``.
    common : Element, optional
        Root of ``styles.xml``.

    Attributes
    ----------
    beside_pages : Counter of str
        Headers and footers with words.
    """

    def __init__(self, content: Element, common: Element | None) -> None:
        self._styles: dict[tuple[str, str], tuple[str, Look]] = {}
        self._default = Look()
        self.beside_pages: Counter[str] = Counter()
        roots = [common, content] if common is not None else [content]
        for group in (group for root in roots for group in root):
            if local(group) in {"styles", "automatic-styles"}:
                for element in group:
                    self._add(element)
            elif local(group) == "master-styles":
                self._count_beside(group)

    def look(self, family: str, name: str) -> Look:
        """Look of a style and those that it is based on."""
        look, seen = Look(), set()
        while (family, name) in self._styles and name not in seen:
            seen.add(name)
            name, of_style = self._styles[family, name]
            look = look.over(of_style)
        return look.over(self._default) if family == "paragraph" else look

    def _add(self, element: Element) -> None:
        family = attribute(element, "family")
        properties = child(element, "text-properties")
        look = _look(properties) if properties is not None else Look()
        if local(element) == "style":
            self._styles[family, attribute(element, "name")] = attribute(element, "parent-style-name"), look
        elif local(element) == "default-style" and family == "paragraph":
            self._default = look

    def _count_beside(self, masters: Element) -> None:
        for page in masters:
            for element in page:
                kind = local(element).partition("-")[0]
                if kind in {"header", "footer"} and "".join(element.itertext()).strip():
                    self.beside_pages[kind] += 1


def _look(properties: Element) -> Look:
    weight, display = attribute(properties, "font-weight"), attribute(properties, "display")
    bold = None
    if weight:
        bold = weight == "bold" or (weight.isascii() and weight.isdigit() and int(weight[:4]) >= _BOLD_FROM)
    return Look(bold, display == "none" if display else None)
