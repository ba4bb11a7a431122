"""Worked examples from the literature, and ratings built from a plain matrix."""

import numpy as np

from alliance_nlp.rating_table import MARKER_LEVELS, Ratings, Scale
from alliance_nlp.ratings import NOT_CODED


def ratings_of(rows, levels=MARKER_LEVELS, scale=Scale.NOMINAL, sessions=None):
    """Ratings from rows of values, a column per coder; None is not coded."""
    levels = tuple(map(str, levels))
    codes = [[NOT_CODED if value is None else levels.index(str(value)) for value in row] for row in rows]
    coders = tuple("ABCDEFGH"[: len(rows[0])])
    utterances = tuple((f"S{sessions[row] if sessions else row}", str(row)) for row in range(len(rows)))
    return Ratings("x", levels, scale, coders, utterances, np.array(codes, dtype=np.int16))


def rows_of_table(table):
    """Ratings of two coders from their contingency table."""
    return [(i, j) for i, row in enumerate(table) for j, times in enumerate(row) for _ in range(times)]


# Cohen (1960), Educational and Psychological Measurement 20, 37-46: frequencies of two judges, N = 200.
COHEN_1960 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, example C: four observers, twelve units, missing
# values. Gwet's package irrCAC carries the same data as cac.raw4raters.
N = None
FOUR_OBSERVERS = list(
    zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
        strict=True,
    )
)

# Fleiss (1971), Psychological Bulletin 76, 378-382, table 1: how many of six psychiatrists gave each of 30 patients
# depression, personality disorder, schizophrenia, neurosis, other.
FLEISS_1971 = [
    "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006",
    "10050", "11040", "03300", "10050", "02031", "00501", "30012", "51000", "02040", "10203",
    "00006", "01050", "02013", "20040", "10041", "05010", "40002", "02040", "10500", "00006",
]  # fmt: skip

# Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428, table 2: six targets, four judges.
SHROUT_FLEISS_1979 = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

# Dawid & Skene (1979), Applied Statistics 28, 20-28, table 1: 45 patients, five anaesthetists, of whom the first
# rated each patient three times.
ANAESTHETISTS = """
111 1 1 1 1|333 4 3 3 4|112 2 1 2 2|222 3 1 2 1|222 3 2 2 2|222 3 3 2 2|122 2 1 1 1|333 3 4 3 3|222 2 2 2 3
232 2 2 2 3|444 4 4 4 4|222 3 3 4 3|111 1 1 1 1|222 3 2 1 2|121 1 1 1 1|111 2 1 1 1|111 1 1 1 1|111 1 1 1 1
222 2 2 2 1|222 1 3 2 2|222 2 2 2 2|222 2 2 2 1|222 3 2 2 2|221 2 2 2 2|111 1 1 1 1|111 1 1 1 1|232 2 2 2 2
111 1 1 1 1|111 1 1 1 1|112 1 1 2 1|111 1 1 1 1|333 3 2 3 3|111 1 1 1 1|222 2 2 2 2|222 3 2 3 2|433 4 3 4 3
221 2 2 3 2|232 3 2 3 3|333 3 4 3 2|111 1 1 1 1|111 1 1 1 1|121 2 1 1 1|232 2 2 2 2|121 1 1 1 1|222 2 2 2 2
""".strip().replace("\n", "|")  # fmt: skip
ANAESTHETISTS_CLASSES = "142222132243121111222222112111131224233111212"


def fleiss_rows():
    """Table 1 of Fleiss (1971) as ratings; who of the six gave which diagnosis does not matter to the figures."""
    return [[level for level, times in enumerate(row, 1) for _ in range(int(times))] for row in FLEISS_1971]


def anaesthetists_counts():
    """Table 1 of Dawid & Skene (1979), of shape (45, 5, 4)."""
    counts = np.zeros((45, 5, 4), dtype=int)
    for patient, row in enumerate(ANAESTHETISTS.split("|")):
        for observer, given in enumerate(row.split()):
            for level in given:
                counts[patient, observer, int(level) - 1] += 1
    return counts
