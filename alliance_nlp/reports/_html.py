"""Pages that ask nothing of anybody: style and script within, everything else forbidden by the page itself."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = resources.files("alliance_nlp.reports") / "templates"


def page(template: str, scripts: tuple[str, ...], styles: tuple[str, ...] = ("page.css",), **values: object) -> str:
    """A page from its template, with its style and script inlined.

    The content security policy allows that one style and that one script, by
    their digests, and nothing else: no request, no other script, no style
    attribute. All values are escaped.
    """
    style = "".join(map(_asset, styles))
    script = "".join(map(_asset, scripts))
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    # All are files of this package, which hold no closing tag.
    return (
        _environment()
        .get_template(template)
        .render(policy=policy, style=Markup(style), script=Markup(script), **values)
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@lru_cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
