"""How transcripts are to be read: one value that every reader is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alliance_nlp.errors import UsageError
from alliance_nlp.readers._joining import rule
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import CLIENT_COLUMN, TABLE_COLUMNS

# A comma parts two pairs only where a further NAME= follows: a column's name may hold commas.
_BETWEEN_PAIRS = re.compile(r",(?=\s*\w+\s*=)")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about the transcripts.

    Attributes
    ----------
    roles : RoleNames
        Tells the role of a speaker.
    keep : tuple of str
        Further columns of a table to carry along in `Session.columns`.
    columns : mapping of str to str
        Columns of a table that go by other names: ``{"text": "utterance"}``, those of the file in small letters.
    join : bool, optional
        Whether fragments of one speaker are joined into utterances; None joins them in formats of machine
        transcription and captions only.
    format_name : str, optional
        Name of the format; None tells it from content and ending.
    """

    roles: RoleNames = field(default_factory=RoleNames)
    keep: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    join: bool | None = None
    format_name: str | None = None

    @classmethod
    def parse(
        cls,
        roles: Iterable[str] = (),
        columns: Iterable[str] = (),
        join: bool | None = None,
        format_name: str | None = None,
    ) -> ReadOptions:
        """Read options as the command line takes them: ``LABEL=ROLE``, and ``NAME=COLUMN`` or several with commas.

        Raises
        ------
        UsageError
            Where a pair is none, or a column is given twice or is not of the transcript table.
        """
        named: dict[str, str] = {}
        for pair in (part for value in columns for part in _BETWEEN_PAIRS.split(value)):
            name, equals, column = (part.strip() for part in pair.partition("="))
            name = name.casefold()
            if not equals or not column or name not in (*TABLE_COLUMNS, CLIENT_COLUMN):
                raise UsageError(
                    f"--columns {pair.strip()!r} is not NAME=COLUMN, where NAME is one of "
                    f"{', '.join((*TABLE_COLUMNS, CLIENT_COLUMN))}; write for example --columns text=Utterance"
                )
            if name in named:
                raise UsageError(f"--columns names a column for {name} twice; keep one")
            if column.casefold() in named.values():
                raise UsageError(f"--columns uses the column {column!r} twice; a column is one thing")
            named[name] = column.casefold()
        return cls(RoleNames.parse(roles), (), named, join, format_name)

    def settings(self) -> dict[str, Any]:
        """Plain values, for the record of a run; the roles are recorded beside them."""
        return {
            "format": self.format_name,
            "columns": dict(self.columns),
            "join": "captions and machine transcription" if self.join is None else self.join,
            "join_rule": rule(),
        }
