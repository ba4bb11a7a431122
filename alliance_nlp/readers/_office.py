"""Files of office programs: the ones that are not what can be read are told apart, with what to do."""

from __future__ import annotations

from typing import BinaryIO

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._source import BinarySource

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RTF = b"{\\rtf"
_ZIP = b"PK\x03\x04"
_BLOCK = 1 << 20


def is_old(head: Head) -> bool:
    """Whether a file is one of the binary ones that Word and Excel wrote until 2003, or a protected one."""
    return head.data.startswith(_OLE)


def require_archive(source: BinarySource, save_as: str) -> None:
    """Raise a `TranscriptError` that says what a file is where it is no archive.

    Parameters
    ----------
    source : BinarySource
        The file.
    save_as : str
        What it should have been, for the remedy: ``".docx"``.
    """
    with source.open() as stream:
        begin = stream.read(len(_OLE))
        if begin.startswith(_ZIP):
            return
        protected = begin == _OLE and _holds(stream, _ENCRYPTED)
    if protected:
        reason = f"protected by a password; open it, remove the password, and save it as {save_as}"
    elif begin == _OLE:
        reason = f"in the format of Office 97 to 2003; open it and save it as {save_as}"
    elif begin.startswith(_RTF):
        reason = f"in Rich Text Format; open it and save it as {save_as}"
    else:
        reason = f"no {save_as} file, or a damaged one; open it in the program that made it and save it as {save_as}"
    raise TranscriptError(source.path, "", reason)


def _holds(stream: BinaryIO, wanted: bytes) -> bool:
    """Whether bytes stand anywhere in the rest of a file."""
    before = b""
    while block := stream.read(_BLOCK):
        if wanted in before + block:
            return True
        before = block[-len(wanted) :]
    return False
