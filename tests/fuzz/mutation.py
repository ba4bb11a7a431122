"""Sample files of each format, ways to damage them, and what must come out of reading them whatever was done.

The samples of a format are the files in ``tests/data/readers/NAME/``. A format takes part by having that folder; tokens
that its parser looks for go to `TOKENS`, so that they turn up in wrong places.
"""

import copy
import io
import math
import random
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import OpenedTranscript, ReadOptions, formats
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session, SpeakerRole

SAMPLES = Path(__file__).parents[1] / "data" / "readers"
TOKENS = {
    "webvtt": [
        "WEBVTT",
        "NOTE ",
        "STYLE",
        "-->",
        "->",
        "<v ",
        "<v Ada>",
        "</v>",
        "00:00:01.000 --> 00:00:02.000",
        "&#xD800;",
        "<",
        ">",
        "- ",
        "Ada: ",
        "&amp;",
        "\n\n",
        "1",
        "99:99:99.999",
    ],
    "srt": [
        "-->",
        "–>",
        "00:00:01,000 --> 00:00:02,000",
        "\n\n",
        "7\n",
        "- ",
        "NAME: ",
        "{\\an8}",
        "<i>",
        "<font ",
        "1",
    ],
    "otter": ["  0:05\n", " (00:05):\n", "Ada  1:02:03", "Transcribed by https://otter.ai\n", "\t0:05", ":"],
    "zoom": ["[Ada] 00:00:05\n", "23:59:59\t Ada:\t", "14:00:00 From Ada to Everyone:\n\t", "]", "[", "00:00:00"],
    "whisper": [
        '"segments":',
        '"speaker":',
        "null",
        "NaN",
        "[",
        "]",
        "{",
        "}",
        '"start":',
        "1e999",
        "-1",
        '"text":',
        ",",
        '"',
        '{"text":""}',
        '"words":[{"word":1}]',
        "true",
        "[[[[",
        '"timestamp":[',
        '"offsets":{"from":',
    ],
    "convokit": [
        '"id":',
        '"reply-to":"u1"',
        "null",
        "NaN",
        "[",
        "]",
        "{",
        "}",
        '"meta":',
        "1e999",
        "-1",
        ",",
        '"',
        "\n",
        '"conversation_id":',
        '"timestamp":1767602400',
        '"u1"',
    ],
    "eaf": [
        '<TIER TIER_ID="x">',
        "</TIER>",
        ' PARENT_REF="C-speech"',
        ' PARTICIPANT=""',
        'ANNOTATION_REF="a9"',
        'ANNOTATION_ID="a1"',
        'TIME_SLOT_REF1="ts99"',
        'TIME_VALUE="-5"',
        'TIME_VALUE="99999999999999"',
        "<ANNOTATION>",
        "<!DOCTYPE a>",
        "&lt;",
        "&#0;",
        "alliance-nlp:times",
        "made up",
    ],
    "chat": [
        "*THE:\t",
        "*",
        "%mor:\t",
        "@End\n",
        "\t",
        "\x15",
        "\x15100_50\x15",
        "\x15999999999999_1\x15",
        "[//]",
        "[: ",
        "]",
        "[",
        "<",
        ">",
        "(.)",
        "((",
        "&-",
        "&*CLI:x",
        "+...",
        "+<",
        "0",
        "xxx",
        "⌈",
        ":::",
        "@s:deu",
    ],
    "textgrid": [
        '"',
        '""',
        '"IntervalTier"',
        '"TextTier"',
        "<exists>",
        "! ",
        "1e9999",
        "-3",
        "99999999999",
        '"" 0 ""',
        'text = "',
        "intervals: size = 9",
        "\n",
        "0 1 ",
    ],
    "qdpx": [
        "<TextSource>",
        "<PlainTextContent>T: a</PlainTextContent>",
        'plainTextPath="internal://../x"',
        'plainTextPath="relative:///x.txt"',
        "internal://",
        'name=""',
        'timeStamp="-1"',
        'position="99999"',
        "<Transcript>",
        "Session: S1\nUtterances: 9\n\n",
        "[1] T (client):\t",
        "<!DOCTYPE a>",
        "T: ",
        "\r",
    ],
    "maxqda": ["#00:00:05-2#", "#", "I: ", "B: ", "1\t", "\n\n", "#99:99:99#"],
    "nvivo": ["\t", "\n", '"', "0:00:01.0 - 0:00:02.0", "Timespan", "Content", "Speaker", " - ", "\r\n"],
    "docx": [
        "<w:p>",
        "</w:p>",
        "<w:r>",
        "<w:p/>",
        "<w:t>T: </w:t>",
        "<w:t>Ada Marsh   0:05</w:t>",
        "<w:t>0:0:5.1 --> 0:0:8.2</w:t>",
        "<w:b/>",
        "<w:br/>",
        "<w:tab/>",
        "<w:tbl>",
        "</w:tbl>",
        "<w:tr>",
        "<w:tc>",
        "<w:tc/>",
        '<w:gridSpan w:val="3"/>',
        '<w:gridSpan w:val="99999"/>',
        "<w:del>",
        "</w:del>",
        "<w:ins>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        "<mc:AlternateContent>",
        "<w:vanish/>",
        '<w:sym w:char="D800"/>',
        '<w:sym w:char="FFFFFFFF"/>',
        "&#xD800;",
        "<!DOCTYPE a>",
        "word/document.xml",
        "styles.xml",
        'w:basedOn w:val="Strong"',
    ],
    "odt": [
        "<text:p>",
        "</text:p>",
        "<text:p/>",
        "<text:span>",
        "<text:p>T: </text:p>",
        "<text:p>1. T: </text:p>",
        "<text:line-break/>",
        "<text:tab/>",
        "<text:tracked-changes>",
        "<text:note>",
        "<office:annotation>",
        "<draw:frame>",
        "<table:table>",
        "<table:table-row>",
        "<table:table-cell>",
        "<table:covered-table-cell/>",
        'table:number-columns-repeated="16384"',
        'table:number-columns-spanned="999999999999"',
        'table:number-rows-repeated="1048576"',
        'fo:font-weight="٣"',
        'style:parent-style-name="T1"',
        "<!DOCTYPE a>",
        "encryption-data",
        "&#0;",
    ],
    "xlsx": [
        '<row r="1048576">',
        '<row r="99999999999">',
        '<row r="2">',
        "</row>",
        '<c r="XFD1">',
        '<c r="AAAA1">',
        "<c>",
        "<v>",
        "<v>1e999</v>",
        "<v>NaN</v>",
        "<v>-1</v>",
        "<v>99999999</v>",
        "<f>A1</f>",
        't="s"',
        't="e"',
        't="d"',
        't="b"',
        's="1"',
        's="99"',
        '<mergeCell ref="A1:XFD1048576"/>',
        'ref="A1:A"',
        'hidden="1"',
        'state="hidden"',
        "Speaker",
        "Text",
        'formatCode="yy mmmm ddd [h]:mm:ss.000 AM/PM"',
        'formatCode="0.00E+00"',
        'formatCode="# ?/?"',
        'formatCode="&quot;"',
        "_xD800_",
        "_x000D_",
        "<!DOCTYPE a>",
    ],
    "csv": [",", ";", "\t", '"', "\n", "text", "speaker", "'="],
    "jsonl": ['"text":', "[", "]", "{", "}", "NaN", "1e999", '"', "\n", '"speaker":', "\\ud800"],
    "text": ["T: ", "C:", "[00:01:12] ", "\n", "  ", ": ", "Monday: "],
}
COLUMNS = {
    "redcap.csv": {"session_id": "record_id", "speaker": "who", "text": "utterance"},
    "other-names.xlsx": {"speaker": "who", "text": "utterance"},
}
"""Columns of other names, by sample."""
ANYWHERE = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    "\u2028".encode(),
    "\ufeff".encode(),
    "\u202e".encode(),
    b"\r",
    b"a" * 5000,
    b" " * 5000,
    b"9" * 5000,
]

_WORDS = 4
_LARGEST = 1 << 18


def samples(name):
    """Sample files of a format."""
    return sorted(path for path in (SAMPLES / name).glob("*") if path.is_file())


def formats_with_samples():
    """Names of the formats that have samples."""
    return [item.name for item in formats() if samples(item.name)]


def mutate(data, name, chance):
    """Damage a file a few times over; a zip archive mostly in one of the files inside.

    Parameters
    ----------
    data : bytes
        Of a sample.
    name : str
        Of its format, for the tokens.
    chance : random.Random
        Decides everything.
    """
    if data.startswith(b"PK\x03\x04") and chance.random() < 0.85:
        return _repacked(data, name, chance)
    return _damaged(data, name, chance)


def _damaged(data, name, chance):
    tokens = [token.encode() for token in TOKENS.get(name, [])] + ANYWHERE
    # Most of what is done to bytes ends XML at its first line; what is done to its parts reaches the reader.
    ways = _XML_WAYS if data.lstrip().startswith(b"<") and chance.random() < 0.7 else _WAYS
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        # Long runs put in place of every space, and again, would grow past any memory.
        data = chance.choice(ways)(data, tokens, chance)[:_LARGEST]
    return data


def _repacked(data, name, chance):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {member.filename: archive.read(member) for member in archive.infolist()}
    damaged = chance.choice([file for file in files if files[file]])
    if damaged.endswith(".xml") and chance.random() < 0.5:
        files[damaged] = _regrown(files[damaged], name, chance)
        return _zipped(files)
    files[damaged] = _damaged(files[damaged], name, chance)
    return _zipped(files)


def _zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return packed.getvalue()


def _regrown(data, name, chance):
    """XML that stays well-formed, with elements moved, doubled, lost or changed."""
    root = ElementTree.fromstring(data)
    for _ in range(chance.choice((1, 2, 4, 16))):
        elements = list(root.iter())
        one, other = chance.choice(elements), chance.choice(elements)
        way = chance.randrange(6)
        if way == 0 and len(elements) < 5000:
            one.insert(chance.randrange(len(one) + 1), copy.deepcopy(other))
        elif way == 1 and len(one):
            one.remove(chance.choice(list(one)))
        elif way == 2:
            one.tag, other.tag = other.tag, one.tag
        elif way == 3 and other.attrib:
            key = chance.choice(list(other.attrib))
            one.set(key, chance.choice([other.get(key), "", "0", "-1", "99999999999", "1", "XFD1048576", "e", "true"]))
        elif way == 4:
            one.text, other.tail = other.text, one.text
        else:
            one.text = chance.choice(
                [*TOKENS.get(name, []), "T: ", "C", " ", "1e999", "0:05", "12", "2026-01-05", None]
            )
    return ElementTree.tostring(root)


def _flip(data, tokens, chance):
    if not data:
        return data
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data, tokens, chance):
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:] if chance.random() < 0.5 else data[:end]


def _double(data, tokens, chance):
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[start:end] * chance.choice((1, 1, 3)) + data[end:]


def _swap_lines(data, tokens, chance):
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _drop_line(data, tokens, chance):
    lines = data.split(b"\n")
    del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def _insert(data, tokens, chance):
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(tokens) * chance.choice((1, 1, 1, 2, 50)) + data[place:]


def _replace_token(data, tokens, chance):
    there = [token for token in tokens if token in data]
    if not there:
        return data
    return data.replace(chance.choice(there), chance.choice(tokens), chance.choice((1, 1, -1)))


def _swap_values(data, tokens, chance):
    """Give one attribute the value of another, or an odd one."""
    found = list(_VALUE.finditer(data))
    if not found:
        return data
    one = chance.choice(found)
    other = chance.choice(found)[0] if chance.random() < 0.6 else b'="' + chance.choice(_ODD_VALUES) + b'"'
    return data[: one.start()] + other + data[one.end() :]


def _drop_value(data, tokens, chance):
    found = list(_ATTRIBUTE.finditer(data))
    if not found:
        return data
    one = chance.choice(found)
    return data[: one.start()] + data[one.end() :]


def _move_element(data, tokens, chance):
    """Drop an element, double it, or put it behind another."""
    begins = [match.start() for match in _ELEMENT_BEGIN.finditer(data)]
    one = _ELEMENT.match(data, chance.choice(begins)) if begins else None
    if one is None:
        return data
    kind = chance.randrange(3)
    if kind == 0:
        return data[: one.start()] + data[one.end() :]
    if kind == 1:
        return data[: one.end()] + one[0] + data[one.end() :]
    place = chance.choice(begins)
    return data[:place] + one[0] + data[place:]


def _swap_texts(data, tokens, chance):
    found = list(_TEXT.finditer(data))
    if not found:
        return data
    one, other = chance.choice(found), chance.choice(found)
    text = other[0] if chance.random() < 0.5 else b"&#10; \xc2\xa0"
    return data[: one.start()] + text + data[one.end() :]


_VALUE = re.compile(rb'="[^"<>]*"')
_ATTRIBUTE = re.compile(rb' [\w:]+="[^"<>]*"')
_ELEMENT_BEGIN = re.compile(rb"<\w")
_ELEMENT = re.compile(rb"<([\w:]+)(?:\s[^<>]*)?(?:/>|(?<!/)>.*?</\1>)", re.DOTALL)
_TEXT = re.compile(rb"(?<=>)[^<>\s][^<>]*(?=</)")
_ODD_VALUES = (b"", b" ", b"0", b"-1", b"999999999999999", b"1e9", b"\xd9\xa3", b"..", b"/", b"&#10;", b"x" * 300)

_XML_WAYS = [_swap_values, _swap_values, _drop_value, _move_element, _move_element, _swap_texts]
_WAYS = [_flip, _cut, _double, _swap_lines, _drop_line, _insert, _insert, _replace_token]


class AnyRole(RoleNames):
    """A role for every label, so that damage is not stopped by the first label that it makes."""

    def role_of(self, label):
        return super().role_of(label) or SpeakerRole.CLIENT


def words_of(name):
    """Pieces of what is said in the samples of a format: no message may hold one.

    Up to three words in a label's place are shown, see `_session`, so these are of texts of more.
    """
    pieces = set()
    for path in samples(name):
        options = ReadOptions(AnyRole(), columns=COLUMNS.get(path.name, {}), format_name=name)
        for item in OpenedTranscript(path, options).sessions("sample"):
            texts = [utterance.text for utterance in item.utterances] if isinstance(item, Session) else []
            pieces |= {" ".join(text.split()[:_WORDS]) for text in texts if len(text.split()) >= _WORDS}
    return pieces


def read_checked(path, name, options, words):
    """Read a file and check that only whole sessions and errors of one line come out; the outcomes."""
    outcomes = []
    try:
        for item in OpenedTranscript(path, options).sessions("mutated"):
            outcomes.append(item)
    except TranscriptError as error:
        outcomes.append(error)
    for item in outcomes:
        messages = list(item.notes) if isinstance(item, Session) else [str(item)]
        for message in messages:
            assert "\n" not in message, f"a message of several lines: {message!r}"
            assert not any(piece in message for piece in words), f"a message that holds what was said: {message!r}"
        if isinstance(item, Session):
            _require_whole(item)
        else:
            assert isinstance(item, TranscriptError)
            assert item.reason
    assert outcomes, "neither a session nor an error"
    return outcomes


def _require_whole(session):
    ids = [utterance.utterance_id for utterance in session.utterances]
    assert ids, "a session without utterances"
    assert len(set(ids)) == len(ids), "an id twice"
    for values in session.columns.values():
        assert len(values) == len(ids), "a column of another length"
    for utterance in session.utterances:
        f"{utterance.utterance_id}{utterance.speaker}{utterance.text}".encode()
        for time in (utterance.start, utterance.end):
            assert time is None or (math.isfinite(time) and time >= 0), f"a time of {time}"


def options_for(name, chance):
    """Options of many kinds."""
    return ReadOptions(
        AnyRole() if chance.random() < 0.8 else RoleNames(),
        columns=chance.choice(({}, *COLUMNS.values())) if name in {"csv", "xlsx"} else {},
        join=chance.choice((None, None, True, False)),
        format_name=name if chance.random() < 0.9 else None,
    )


def seeded(seed):
    """Chance that repeats itself."""
    return random.Random(seed)
