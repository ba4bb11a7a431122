"""Read damaged files that come back from other tools, by the thousand.

    python tests/fuzz/corrected.py eaf --inputs 20000 [--seed 0]

Only coded transcripts and errors of one line may come out, each within the processor's time that is given, and no
message may hold what was said. Exits with 1 where something else does; the inputs that did it are kept.
"""

import argparse
import importlib
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from exchanged import CODEBOOK, came_back, coded
from fuzz.mutation import mutate, seeded

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import ReadOptions

FORMATS = {
    "eaf": "elan", "qdpx": "refi_qda", "xlsx": "workbook", "label-studio": "label_studio", "doccano": "doccano",
    "convokit": "convokit",
}  # fmt: skip
TALK = (
    ("T", "How was the week that lies behind us?", ()),
    ("C", "You are not listening to me at all 🙂.", ("rupture",)),
    ("T", "I missed that. That must have been\nquite lonely.", ("repair", "empathy")),
    ("C", "", ()),
    ("M", "He is tired of all the talking.", ()),
)
_PIECE = 15
_WORDS = {text[:_PIECE] for _, text, _ in TALK if len(text) >= _PIECE}


def sample(folder, file_format):
    """A sound file of a format."""
    return came_back(folder, file_format, [coded(TALK), coded(TALK, "S2")])


def read_checked(path, file_format):
    """Read a file and check what comes out; the outcomes."""
    module = importlib.import_module(f"alliance_nlp.corrected.{FORMATS[file_format]}")
    module.is_ours(path)
    outcomes = []
    try:
        outcomes += module.read(path, CODEBOOK, ReadOptions())
    except TranscriptError as error:
        outcomes.append(error)
    for item in outcomes:
        ours = isinstance(item, CodedTranscript)
        for message in item.session.notes if ours else [str(item)]:
            assert "\n" not in message, f"a message of several lines: {message!r}"
            assert not any(piece in message for piece in _WORDS), f"a message that holds what was said: {message!r}"
        if ours and item.codes is not None:
            assert len(item.codes) == len(item.session.utterances)
            assert {code for row in item.codes for code in row} <= {-1, 0, 1}
    return outcomes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("--inputs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3.0, help="of the processor, at most, for one input")
    arguments = parser.parse_args()
    outcomes, failures = Counter(), Counter()
    slowest, began = 0.0, time.perf_counter()
    keep = Path(tempfile.gettempdir()) / "fuzz-found"

    def stop(number, frame):
        raise TimeoutError

    signal.signal(signal.SIGPROF, stop)
    with tempfile.TemporaryDirectory() as folder:
        sound = sample(Path(folder) / "sound", arguments.format)
        data = sound.read_bytes()
        for number in range(arguments.inputs):
            path = Path(folder) / f"mutated{sound.suffix}"
            path.write_bytes(mutate(data, "jsonl", seeded(arguments.seed * 1_000_000_007 + number)))
            started = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, arguments.seconds)
            try:
                for item in read_checked(path, arguments.format):
                    outcomes[type(item).__name__] += 1
            except Exception as error:
                last = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{type(error).__name__}: {str(error)[:100]} ({Path(last.filename).name}, line {last.lineno})"
                if failures[kind] == 0:
                    keep.mkdir(exist_ok=True)
                    kept = keep / f"{arguments.format}-{arguments.seed}-{number}{sound.suffix}"
                    kept.write_bytes(path.read_bytes())
                    print(f"{kind}: {kept}", flush=True)
                failures[kind] += 1
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            slowest = max(slowest, time.process_time() - started)
    print(
        f"{arguments.format}: {arguments.inputs:,} inputs in {time.perf_counter() - began:.0f} s, {dict(outcomes)}, "
        f"slowest {slowest:.2f} s, {sum(failures.values()):,} failures of {len(failures)} kinds"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
