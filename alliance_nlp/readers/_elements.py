"""Elements of XML by their names without namespace: office programs write the same in several namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    """Name of an element."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """Value of an attribute; empty where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def child(element: Element, name: str) -> Element | None:
    """First child of a name."""
    return next((found for found in element if local(found) == name), None)
