"""Throw changed and random texts at the screen.

    python tests/fuzz/screen.py [--inputs 100000] [--seed 0]

Each must come back without an exception, in time that grows with its length alone, and with findings that lie in
the text and do not overlap.
"""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import planted

from alliance_nlp.screening.labels import find_in_file_name, find_in_label, find_in_property
from alliance_nlp.screening.screen import Screen

SECONDS_A_MILLION_LETTERS = 60
PIECES = [
    "[", "]", "[NAME]", "<", "{", "_", "@", ".", "..", " dot ", " at ", "://", "www.", "::", "-", "–", "/", "\n",
    "\t", "\0", "\x1f", "İ", "ß", "ǅ", "٣", "²", "😀", "\u200b", "́", "'", "’", "o'", "'s", "double ", "nine ",
    "oh ", "1", "07", "12/3/", "the third of ", "may ", "march ", "Dr ", "my name is ", "my sister ", " street",
    " hospital", "ninety ", "zip ", "St ", "new ", "XX", "***", "#",
]  # fmt: skip


def inputs(n: int, seed: int):
    rng = random.Random(seed)
    lines = [
        line.text for half in planted.HALVES for register in planted.REGISTERS for line in planted.lines(half, register)
    ]
    for number in range(n):
        if number % 3 == 0:
            yield "".join(rng.choices(PIECES, k=rng.randrange(1, 40)))
            continue
        letters = list(rng.choice(lines) + (" " + rng.choice(lines) if number % 5 == 0 else ""))
        for _ in range(rng.randrange(1, 6)):
            place = rng.randrange(len(letters) + 1)
            change = rng.randrange(4)
            if change == 0:
                letters[place:place] = rng.choice(PIECES)
            elif change == 1:
                del letters[place : place + rng.randrange(1, 8)]
            elif change == 2:
                letters[place : place + 3] = letters[place : place + 3] * rng.randrange(1, 60)
            else:
                letters[place : place + 1] = chr(
                    rng.choice([rng.randrange(128), rng.randrange(0xD7FF), rng.randrange(0x1F000, 0x1FA00)])
                )
        yield "".join(letters)


def check(screen: Screen, text: str) -> int:
    findings = 0
    for spans in (
        screen.find(text, text[::-1]),
        find_in_label(screen, text),
        find_in_file_name(screen, text),
        find_in_property(screen, text, True),
    ):
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(text), (text, spans)
            end = span.end
        findings += len(spans)
    return findings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    screen = Screen()
    findings = letters = 0
    began = time.process_time()
    for text in inputs(arguments.inputs, arguments.seed):
        findings += check(screen, text)
        letters += len(text)
    seconds = time.process_time() - began
    assert seconds < 5 + SECONDS_A_MILLION_LETTERS * letters / 1e6, f"{seconds:.0f} s for {letters:,} letters"
    print(f"{arguments.inputs:,} inputs of {letters:,} letters in {seconds:.0f} s: {findings:,} findings, no fault")


if __name__ == "__main__":
    main()
