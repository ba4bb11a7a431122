"""JSON parsed with mistrust: bounded in size and nesting, NaN refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Never

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._source import TextSource

MAX_BYTES = 256 << 20
"""Of one document: some hundred hours of talk with the times of every word."""


class _NoJson(Exception):
    """A number that JSON does not have."""


def _refuse(constant: str) -> Never:
    raise _NoJson(constant)


# Made once: one for every line costs as much as decoding it.
_DECODER = json.JSONDecoder(parse_constant=_refuse)
_LONG_INTEGER = re.compile(r"limit \(\d+ digits\)")


def parse_json(source: TextSource) -> Any:
    """The one document of a JSON file.

    Raises
    ------
    TranscriptError
        Where it is too large, damaged, nested too deep, or holds a number that JSON does not have.
    """
    if source.size > MAX_BYTES:
        raise TranscriptError(
            source.path,
            "",
            f"a JSON document of {source.size >> 20:,} MB (at most {MAX_BYTES >> 20}); give one file a session",
        )
    with source.open() as stream:
        return parse_json_text(source.path, "", stream.read())


def parse_json_text(file: Path, place: str, text: str) -> Any:
    """Parse JSON text; `place` says where it stands. See `parse_json`."""

    try:
        return _DECODER.decode(text)
    except _NoJson as error:
        raise TranscriptError(file, place, f"holds {error}, which is no JSON; write null instead") from None
    except RecursionError:
        raise TranscriptError(
            file, place, "lists or objects nested without end, as no transcript needs; export it again"
        ) from None
    except json.JSONDecodeError as error:
        raise TranscriptError(
            file,
            place or f"line {error.lineno}",
            f"not valid JSON (column {error.colno}); was the file exported completely?",
        ) from None
    except ValueError as error:
        reason = "a number of thousands of digits" if _LONG_INTEGER.search(str(error)) else "not valid JSON"
        raise TranscriptError(file, place, f"{reason}; export it again") from None
