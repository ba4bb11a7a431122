"""Read damaged sample files of a format, by the hundred thousand.

    python tests/fuzz/readers.py webvtt --inputs 100000 [--seed 0]

Only sessions and errors of one line may come out, each within the time given, and no message may hold what was said.
Files that did otherwise are kept, to be read again. Exits with 1 where there are any.
"""

import argparse
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from fuzz.mutation import formats_with_samples, mutate, options_for, read_checked, samples, seeded, words_of

from alliance_nlp.transcript import Session

MEMORY = 2 << 30


class TooSlow(Exception):
    pass


def stop(number, frame):
    raise TooSlow


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("format", choices=formats_with_samples())
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=2.0, help="of the processor, at most, for one input")
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-found", help="folder for failures"
    )
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, stop)
    return run(arguments)


def run(arguments):
    name = arguments.format
    files = [(path.suffix, path.read_bytes()) for path in samples(name)]
    words = words_of(name)
    outcomes, failures = Counter(), Counter()
    slowest, began = 0.0, time.perf_counter()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for number in range(arguments.inputs):
            chance = seeded(arguments.seed * 1_000_000_007 + number)
            suffix, data = chance.choice(files)
            data = mutate(data, name, chance)
            path = Path(folder) / f"mutated{suffix}"
            path.write_bytes(data)
            started = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, arguments.seconds)
            try:
                for item in read_checked(path, name, options_for(name, chance), words):
                    outcomes["session" if isinstance(item, Session) else "error"] += 1
            except Exception as error:
                last = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{type(error).__name__}: {str(error)[:100]} ({Path(last.filename).name}, line {last.lineno})"
                if failures[kind] == 0:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    kept = arguments.keep / f"{name}-{arguments.seed}-{number}{suffix}"
                    kept.write_bytes(data)
                    print(f"{kind}: {kept}", flush=True)
                failures[kind] += 1
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            slowest = max(slowest, time.process_time() - started)
    seconds = time.perf_counter() - began
    print(
        f"{name}: {arguments.inputs:,} inputs in {seconds:.0f} s, {outcomes['session']:,} sessions, "
        f"{outcomes['error']:,} errors, slowest {slowest:.2f} s, {sum(failures.values()):,} failures of "
        f"{len(failures)} kinds"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
