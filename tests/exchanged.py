"""Coded transcripts of every odd kind, and the way out to a format and back."""

import json

from hypothesis import strategies as st

from alliance_nlp.codebook import read_codebook
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.exports import About, open_transcripts
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.readers import ReadOptions
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

CODEBOOK = read_codebook()
MARKERS = CODEBOOK.markers
ABOUT = About(MARKERS, "alliance 1.2", "the model", coded=True)
ODD = (
    "",
    " ",
    "=1+1",
    "]]>",
    "<b>&amp;",
    "né 🙂 e\u0301",
    "a\nb",
    "[2] T:\tfake",
    "\u202eleft",
    "\ufeffmark",
    "_x0041_",
)

names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8) | st.sampled_from(
    ["T", "Client", "a/b", "A: B", "x (client)", "10] y", "50%", "con", "é#1"]
)
texts = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"], include_characters="\n"))
times = st.none() | st.integers(0, 7_200_000).map(lambda ms: ms / 1000) | st.floats(0, 7200)
speakers = st.lists(st.tuples(names, st.sampled_from(list(SpeakerRole))), min_size=1, max_size=4)


@st.composite
def coded_transcripts(draw, session_ids=names, texts=texts):
    """A session whose utterances are coded 1 or 0 wherever a marker is coded on the role."""
    who = draw(speakers)
    n_utterances = draw(st.integers(1, 6))
    ids = draw(st.lists(names, min_size=n_utterances, max_size=n_utterances, unique=True))
    with_times = draw(st.booleans())
    utterances = []
    for utterance_id in ids:
        label, role = draw(st.sampled_from(who))
        start, end = (draw(times), draw(times)) if with_times else (None, None)
        utterances.append(Utterance(utterance_id, draw(texts), label, role, start, end))
    codes = tuple(
        tuple(
            draw(st.integers(0, 1)) if marker.role == utterance.speaker_role else NOT_CODED for marker in MARKERS
        )
        for utterance in utterances
    )  # fmt: skip
    return CodedTranscript(Session(draw(session_ids), tuple(utterances)), codes)


def written(folder, file_format, transcripts, about=ABOUT):
    """The files of an export, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_transcripts(folder, file_format, about) as export:
        for transcript in transcripts:
            export.write(transcript)
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def coded(lines, session_id="S1"):
    """A transcript from lines: who speaks, what, and the names of the markers that are coded 1."""
    roles = {"T": SpeakerRole.THERAPIST, "C": SpeakerRole.CLIENT, "M": SpeakerRole.OTHER}
    utterances = tuple(
        Utterance(str(number), text, {"M": "Mother"}.get(who, who), roles[who])
        for number, (who, text, _) in enumerate(lines, 1)
    )
    codes = tuple(
        tuple(int(marker.name in marked) if marker.role == roles[who] else NOT_CODED for marker in MARKERS)
        for who, _, marked in lines
    )
    return CodedTranscript(Session(session_id, utterances), codes)


def code_of(transcript, utterance_id, marker):
    """One code."""
    place = [utterance.utterance_id for utterance in transcript.session.utterances].index(utterance_id)
    return transcript.codes[place][[each.name for each in MARKERS].index(marker)]


def read_back(module, path, codebook=CODEBOOK):
    """What came back, and the notes."""
    assert module.is_ours(path)
    found = list(module.read(path, codebook, ReadOptions()))
    return found, [note for item in found for note in item.session.notes]


TALK = (
    ("T", "How was the week?", ()),
    ("C", "You are not listening.", ("rupture",)),
    ("T", "I missed that. That must have been lonely.", ("repair", "empathy")),
    ("C", "Yes.", ()),
    ("M", "He is tired.", ()),
)


def came_back(folder, file_format, transcripts):
    """A file of a format as it comes back from the tool, nothing corrected."""
    files = written(folder, file_format, transcripts)
    if file_format == "label-studio":
        tasks = json.loads(files["tasks.json"].read_text("utf-8"))
        for number, task in enumerate(tasks, 1):
            result = task.pop("predictions")[0]["result"]
            task |= {"id": number, "annotations": [{"id": number, "completed_by": 3, "result": result}]}
        path = folder / "project-1.json"
        path.write_text(json.dumps(tasks, indent=1, ensure_ascii=False), "utf-8")
        return path
    if file_format == "doccano":
        return files["documents.jsonl"].rename(folder / "ana.jsonl")
    return next(path for name, path in files.items() if name.endswith((".eaf", ".qdpx", ".xlsx", ".jsonl")))
