"""A small coded corpus with an independent marker, a set and an ordered set; every word of it is made up."""

import csv
import random

CODEBOOK = """\
name = "study"
version = "2.0"
title = "A study with sets"
unit = "The utterance."

[[marker]]
name = "warmth"
role = "therapist"
definition = "A kind word."

[[set]]
name = "behaviour"
title = "Therapist behaviour"
role = "therapist"
definition = "What the utterance mainly does."

[[set.code]]
name = "question"
title = "Question"
definition = "Asks."
also = ["Q"]

[[set.code]]
name = "reflection"
title = "Reflection"
definition = "Says back."

[[set.code]]
name = "other_behaviour"
title = "Other behaviour"
definition = "None of these."

[[set]]
name = "strength"
title = "Strength of change talk"
role = "client"
definition = "How strongly the line speaks for the change."
ordered = true
lowest = 0

[[set.code]]
name = "no_change"
title = "None"
definition = "Not at all."
also = ["0"]

[[set.code]]
name = "weak_change"
title = "Weak"
definition = "A wish."
also = ["1"]

[[set.code]]
name = "strong_change"
title = "Strong"
definition = "A step."
also = ["2"]
"""

THINGS = (
    "the garden",
    "my sister",
    "the early shift",
    "the dog",
    "the stairs",
    "the evenings",
    "that letter",
    "the car",
)
SAID = {
    "question": ("How was it with {}?", "What did you make of {}?", "And did {} come up again?"),
    "reflection": ("So {} has been on your mind.", "It sounds as if {} weighs on you.", "You keep coming back to {}."),
    "other_behaviour": ("Right, {}, okay.", "Mm.", "We have about ten minutes left, and then {}."),
    "no_change": ("{} was the same as ever.", "Nothing new with {}.", "Well, {}."),
    "weak_change": ("I wish I could manage {} without a drink.", "Maybe I could try with {} one day."),
    "strong_change": ("I poured it all out on Sunday, because of {}.", "I have started to walk to {} instead."),
}
BEHAVIOURS, LEVELS = tuple(SAID)[:3], tuple(SAID)[3:]
BLURRED = 0.15
"""Share of lines whose words are those of another code."""
KIND = "I am glad you are here. "
HEADER = ("client_id", "session_id", "utterance_id", "speaker", "text", "warmth", "behaviour", "strength")


def rows(n_sessions=10, n_pairs=14, seed=1):
    """Rows of the coded table, the codes as a coder writes them."""
    chance = random.Random(seed)
    for number in range(1, n_sessions + 1):
        for pair in range(n_pairs):
            behaviour = chance.choices(BEHAVIOURS, (5, 3, 4))[0]
            warm = chance.random() < 0.3
            said = behaviour if chance.random() > BLURRED else chance.choice(BEHAVIOURS)
            text = chance.choice(SAID[said]).format(chance.choice(THINGS))
            head = (f"c{number}", f"s{number}")
            yield (*head, 2 * pair + 1, "therapist", KIND * warm + text, int(warm), behaviour, "")
            strength = chance.choices(LEVELS, (6, 3, 2))[0]
            said = strength if chance.random() > BLURRED else "weak_change"
            text = chance.choice(SAID[said]).format(chance.choice(THINGS))
            yield (*head, 2 * pair + 2, "client", text, "", "", strength)


def write_corpus(folder, **numbers):
    """``codebook.toml`` and ``coded.csv`` in a folder."""
    (folder / "codebook.toml").write_text(CODEBOOK, "utf-8")
    write_table(folder / "coded.csv", HEADER, rows(**numbers))


def write_coders(folder, **numbers):
    """Tables of three coders, ``ana.csv``, ``ben.csv`` and ``cleo.csv``, who slip here and there, the last per code."""
    coded = list(rows(**numbers))
    swap = {"question": "other_behaviour", "reflection": "question", "no_change": "weak_change"}
    for every, coder in ((7, "ana"), (9, "ben"), (11, "cleo")):
        slipped = [
            (*row[:6], *(swap.get(cell, cell) if number % every == 0 else cell for cell in row[6:]))
            for number, row in enumerate(coded)
        ]
        if coder == "cleo":
            header = (*HEADER[:6], *BEHAVIOURS, "strength")
            flags = [[int(row[6] == name) if row[6] else "" for name in BEHAVIOURS] for row in slipped]
            levels = dict(zip(LEVELS, "012", strict=True)) | {"": ""}
            slipped = [(*row[:6], *of_row, levels[row[7]]) for row, of_row in zip(slipped, flags, strict=True)]
            write_table(folder / "cleo.csv", header, slipped)
        else:
            write_table(folder / f"{coder}.csv", HEADER, slipped)


def write_table(path, header, lines):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *lines])
