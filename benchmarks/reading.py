"""How many utterances a second each transcript format is read, in one run.

    python benchmarks/reading.py [--utterances 100000] [FORMAT...]

The files are made of the shipped corpus, in sessions of 400 utterances, captions with cues that are joined two by two;
what is counted is what the file holds (cues, rows, paragraphs) before joining. Opening (encoding, digest, format) is
part of the time, which is the processor's, so that a busy machine matters less. Median of five rounds, in turns.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from alliance_nlp.readers import OpenedTranscript, ReadOptions, read_sessions
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session, Utterance

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance" / "train.csv"
GOAL = 100_000
A_SESSION = 400
SPEAKERS = {"therapist": "Ada Marsh", "client": "Ben Holt", "other": "Cleo Dunn"}
ROLES = RoleNames({name: role for role, name in SPEAKERS.items()})

Lines = Sequence[tuple[int, str, str]]
"""Number from 0, speaker, text."""


def clock(seconds: float, comma: str = ".") -> str:
    milliseconds = round(seconds * 1000)
    minutes = milliseconds // 60_000
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000 % 60:02}{comma}{milliseconds % 1000:03}"


def times(number: int, comma: str = ".") -> tuple[str, str]:
    return clock(number * 5, comma), clock(number * 5 + 4.2, comma)


def webvtt(lines: Lines) -> str:
    cues = (f"{number}\n{' --> '.join(times(number))}\n<v {who}>{text}</v>\n" for number, who, text in lines)
    return "WEBVTT\n\n" + "\n".join(cues)


def zoom_vtt(lines: Lines) -> str:
    cues = (f"{number}\n{' --> '.join(times(number))}\n{who}: {text}\n" for number, who, text in lines)
    return "WEBVTT\n\n" + "\n".join(cues)


def srt(lines: Lines) -> str:
    return "\n".join(f"{number}\n{' --> '.join(times(number, ','))}\n{who}: {text}\n" for number, who, text in lines)


def otter(lines: Lines) -> str:
    return "\n".join(f"{who}  {clock(number * 5)[:8]}\n{text}\n" for number, who, text in lines)


def zoom(lines: Lines) -> str:
    return "\n".join(f"[{who}] {clock(number * 5)[:8]}\n{text}\n" for number, who, text in lines)


def whisper(lines: Lines) -> str:
    segments = [
        {"start": number * 5.0, "end": number * 5 + 4.2, "text": f" {text}", "speaker": who}
        for number, who, text in lines
    ]
    return json.dumps({"segments": segments, "language": "en"})


def whisper_words(lines: Lines) -> str:
    def words(number: int, who: str, text: str) -> list[dict[str, object]]:
        return [
            {"word": word, "start": number * 5.0, "end": number * 5.1, "score": 0.91, "speaker": who}
            for word in text.split()
        ]

    segments = [
        {
            "start": number * 5.0,
            "end": number * 5 + 4.2,
            "text": f" {text}",
            "words": words(number, who, text),
            "speaker": who,
        }
        for number, who, text in lines
    ]
    return json.dumps({"segments": segments, "language": "en"})


def convokit(lines: Lines) -> str:
    return "".join(
        json.dumps({"id": f"u{number}", "conversation_id": "c1", "text": text, "speaker": who, "meta": {},
                    "reply-to": f"u{number - 1}" if number else None, "timestamp": number * 5}) + "\n"
        for number, who, text in lines
    )  # fmt: skip


def maxqda(lines: Lines) -> str:
    return "".join(f"{who}: {text} #{clock(number * 5)[:8]}-2#\n\n" for number, who, text in lines)


def nvivo(lines: Lines) -> str:
    rows = (f"{number}\t{' - '.join(times(number))}\t{json.dumps(text)}\t{who}\n" for number, who, text in lines)
    return "\tTimespan\tContent\tSpeaker\n" + "".join(rows).replace('\\"', '""')


def table(lines: Lines) -> str:
    rows = (f"{number},{who},{json.dumps(text)}\n" for number, who, text in lines)
    return "utterance_id,speaker,text\n" + "".join(rows).replace('\\"', '""')


def json_lines(lines: Lines) -> str:
    return "".join(
        json.dumps({"utterance_id": str(number), "speaker": who, "text": text}) + "\n" for number, who, text in lines
    )


def labelled(lines: Lines) -> str:
    return "".join(f"{who}: {text}\n" for _, who, text in lines)


def chat(lines: Lines) -> str:
    codes = {who: f"SP{number}" for number, who in enumerate(SPEAKERS.values())}
    people = ", ".join(f"{code} {who.replace(' ', '_')} Adult" for who, code in codes.items())
    said = (
        f"*{codes[who]}:\t&-uh {text} (.) \x15{number * 5000}_{number * 5000 + 4200}\x15\n"
        for number, who, text in lines
    )
    return f"@UTF8\n@Begin\n@Participants:\t{people}\n{''.join(said)}@End\n"


def text_grid(lines: Lines) -> str:
    tiers = []
    for who in SPEAKERS.values():
        intervals = [
            f'{number * 5}\n{number * 5 + 4.2}\n"{text.replace(chr(34), chr(34) * 2)}"\n'
            for number, of, text in lines
            if of == who
        ]
        tiers.append(f'"IntervalTier"\n"{who}"\n0\n9999\n{len(intervals)}\n{"".join(intervals)}')
    return f'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n9999\n<exists>\n{len(tiers)}\n{"".join(tiers)}'


def eaf(lines: Lines) -> str:
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{2 * number + end}" TIME_VALUE="{number * 5000 + 4200 * end}"/>\n'
        for number, _, _ in lines
        for end in (0, 1)
    )
    tiers = "".join(
        f'<TIER LINGUISTIC_TYPE_REF="speech" TIER_ID="{who}">\n'
        + "".join(
            f'<ANNOTATION>\n<ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="ts{2 * number}" '
            f'TIME_SLOT_REF2="ts{2 * number + 1}">\n<ANNOTATION_VALUE>{escape(text)}</ANNOTATION_VALUE>\n'
            "</ALIGNABLE_ANNOTATION>\n</ANNOTATION>\n"
            for number, of, text in lines
            if of == who
        )
        + "</TIER>\n"
        for who in SPEAKERS.values()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"/>\n'
        f"<TIME_ORDER>\n{slots}</TIME_ORDER>\n{tiers}</ANNOTATION_DOCUMENT>\n"
    )


def qdpx(lines: Lines) -> bytes:
    source = '<TextSource guid="g" name="S" plainTextPath="internal://g.txt"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", f"<Project><Sources>{source}</Sources></Project>")
        archive.writestr("Sources/g.txt", labelled(lines))
    return stream.getvalue()


FILES: dict[str, tuple[str, Callable[[Lines], str | bytes]]] = {
    "webvtt": (".vtt", webvtt),
    "webvtt of Zoom": (".vtt", zoom_vtt),
    "srt": (".srt", srt),
    "otter": (".txt", otter),
    "zoom": (".txt", zoom),
    "whisper": (".json", whisper),
    "whisper with words": (".json", whisper_words),
    "convokit": (".jsonl", convokit),
    "maxqda": (".txt", maxqda),
    "nvivo": (".txt", nvivo),
    "csv": (".csv", table),
    "jsonl": (".jsonl", json_lines),
    "text": (".txt", labelled),
    "chat": (".cha", chat),
    "textgrid": (".TextGrid", text_grid),
    "eaf": (".eaf", eaf),
    "qdpx": (".qdpx", qdpx),
}


def write(folder: Path, name: str, utterances: Sequence[Utterance], n: int) -> list[Path]:
    suffix, form = FILES[name]
    paths = []
    endless = itertools.cycle(utterances)
    for session in range(max(1, n // A_SESSION)):
        lines = [
            # Two fragments of each speaker in a row.
            (number, list(SPEAKERS.values())[number // 2 % 2], " ".join(utterance.text.split()))
            for number, utterance in enumerate(itertools.islice(endless, A_SESSION))
        ]
        path = folder / f"{name}-{session}{suffix}"
        content = form(lines)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return paths


def read(paths: Sequence[Path]) -> float:
    began = time.process_time()
    for path in paths:
        for item in OpenedTranscript(path, ReadOptions(ROLES)).sessions(path.stem):
            if not isinstance(item, Session):
                raise item
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=f"some of: {', '.join(FILES)}")
    parser.add_argument("--utterances", type=int, default=100_000)
    arguments = parser.parse_args()
    utterances = [utterance for session in read_sessions(CORPUS) for utterance in session.utterances]
    names = arguments.formats or list(FILES)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: write(Path(folder), name, utterances, arguments.utterances) for name in names}
        taken: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(5):
            for name in names:
                taken[name].append(read(paths[name]))
    for name in names:
        rate = len(paths[name]) * A_SESSION / statistics.median(taken[name])
        print(f"{name:20} {rate:10,.0f} utterances/s{'' if rate >= GOAL else f'  (goal {GOAL:,})'}", flush=True)


if __name__ == "__main__":
    main()
