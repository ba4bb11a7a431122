"""Small files of the shape of public corpora. Every line in them was written for these tests."""

import csv
import json

ANNOMI_COLUMNS = (
    "mi_quality", "transcript_id", "video_title", "video_url", "topic", "utterance_id", "interlocutor", "timestamp",
    "utterance_text", "annotator_id", "therapist_input_exists", "therapist_input_subtype", "reflection_exists",
    "reflection_subtype", "question_exists", "question_subtype", "main_therapist_behaviour", "client_talk_type",
)  # fmt: skip
_LABELS = ANNOMI_COLUMNS[10:]
_NONE = dict.fromkeys(_LABELS, "n/a")
_SILENT = _NONE | {
    "therapist_input_exists": "False", "reflection_exists": "False", "question_exists": "False",
    "main_therapist_behaviour": "other",
}  # fmt: skip
OPEN = _SILENT | {"question_exists": "True", "question_subtype": "open", "main_therapist_behaviour": "question"}
CLOSED = OPEN | {"question_subtype": "closed"}
SIMPLE = _SILENT | {
    "reflection_exists": "True", "reflection_subtype": "simple", "main_therapist_behaviour": "reflection"
}  # fmt: skip
COMPLEX = SIMPLE | {"reflection_subtype": "complex"}
ADVICE = _SILENT | {
    "therapist_input_exists": "True", "therapist_input_subtype": "advice", "main_therapist_behaviour": "therapist_input"
}  # fmt: skip
BOTH = SIMPLE | {"question_exists": "True", "question_subtype": "open"}
"""A reflection above all, and a question beside it."""
CHANGE, NEUTRAL, SUSTAIN = ({**_NONE, "client_talk_type": kind} for kind in ("change", "neutral", "sustain"))

_TALK = (
    ("What brings you in today?", OPEN),
    ("My wife sent me about the {0}.", NEUTRAL),
    ("So it was her idea.", SIMPLE),
    ("I would like to do without {0} for a while.", CHANGE),
    ("Part of you is done with the {0}.", COMPLEX),
    ("But I need the {0} to wind down.", SUSTAIN),
    ("Did you ever stop before?", CLOSED),
    ("Once, when the {0} got too dear.", NEUTRAL),
    ("You could try one day off the {0} each week.", ADVICE),
    ("=Fine, I will.", CHANGE),
    ("You sound set on it. What comes first?", BOTH),
    ("Less of the {0}, day by day.", NEUTRAL),
    ("Right, okay.", _SILENT),
)
_TOPICS = ("cigarettes", "beer", "crisps", "cards", "wine", "pills", "cola", "bets")


def annomi_rows():
    """Eight transcripts of thirteen utterances; three annotators coded the first, and differ on some."""
    for number, topic in enumerate(_TOPICS, 10):
        for place, (text, labels) in enumerate(_TALK):
            for annotator in (0, 1, 2) if number == 10 else (3,):
                given = SIMPLE if text.startswith("Part of you") and annotator == 2 else labels
                yield {
                    "mi_quality": "low" if number % 2 else "high",
                    "transcript_id": str(number),
                    "video_title": f"Talk about {topic}",
                    "video_url": f"https://videos.example/watch?v=v{max(number, 11)}&t={number}s",
                    "topic": f"less {topic}",
                    "utterance_id": str(place),
                    "interlocutor": "client" if "client_talk_type" in given and place % 2 else "therapist",
                    "timestamp": f"00:01:{place:02}",
                    "utterance_text": text.format(topic),
                    "annotator_id": str(annotator),
                    **given,
                }


def write_csv(path, rows, columns=None):
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def write_annomi(folder):
    return write_csv(folder / "AnnoMI-full.csv", annomi_rows(), ANNOMI_COLUMNS)


_POSTS = ("I lost the flat.", "Nobody calls me.", "My cat ran off.", "I failed again.", "He left on Sunday.")
_RESPONSES = (
    # Text, and the levels of emotional reactions, interpretations, explorations.
    ("Hang on in there, please.", (1, 0, 0)),
    ("Reading this makes me sad for you. Does the evening frighten you most?", (2, 0, 2)),
    ("I know how it is. Do you want to say more?", (0, 1, 1)),
    ("My sister did the same to me, and I felt worthless for months.", (0, 2, 0)),
    ("Ask at the town hall.", (0, 0, 0)),
)
EPITOME_FILES = ("emotional-reactions", "interpretations", "explorations")


def epitome_rows(dimension):
    """Each response to each post, and one pair twice that was coded strong the second time."""
    for post, seeker in enumerate(_POSTS):
        for place, (response, levels) in enumerate(_RESPONSES):
            yield {
                "sp_id": f"post{post}", "rp_id": f"re{post}{place}", "seeker_post": f" {seeker} ",
                "response_post": response, "level": str(levels[dimension]),
                "rationales": response[:6] + "|" if levels[dimension] else "",
            }  # fmt: skip
    yield {
        "sp_id": "post0", "rp_id": "re00", "seeker_post": _POSTS[0], "response_post": _RESPONSES[0][0],
        "level": "2" if dimension == 0 else "0", "rationales": "",
    }  # fmt: skip


def write_epitome(folder):
    for place, name in enumerate(EPITOME_FILES):
        write_csv(folder / f"{name}-reddit.csv", epitome_rows(place))
    return folder


_CHAT = (
    ("Good evening to you.", "Others"),
    ("How long has this been going on?", "Question"),
    ("So they gave the {0} to someone else.", "Restatement or Paraphrasing"),
    ("You feel passed over.", "Reflection of feelings"),
    ("I lost a {0} once, and hid it from my parents.", "Self-disclosure"),
    ("You are stronger than you think.", "Affirmation and Reassurance"),
    ("Maybe write them a letter about the {0}.", "Providing Suggestions"),
    ("The {0} office has free hours on Monday.", "Information"),
)


def esconv_chats():
    """Six chats, in which the supporter uses each strategy once."""
    for number, thing in enumerate(("job", "room", "place", "course", "post", "seat")):
        dialog = []
        for text, strategy in _CHAT:
            dialog.append({"speaker": "seeker", "annotation": {}, "content": f"It is about the {thing} again.\n"})
            dialog.append({"speaker": "supporter", "annotation": {"strategy": strategy}, "content": text.format(thing)})
        dialog[2]["annotation"] = {"feedback": "4"}
        yield {
            "experience_type": "Previous Experience", "emotion_type": "sadness", "problem_type": f"lost {thing}",
            "situation": "Something was lost.",
            "survey_score": {
                "seeker": {"initial_emotion_intensity": "5", "final_emotion_intensity": str(number % 3)},
                "supporter": {"relevance": "5"},
            },
            "dialog": dialog, "seeker_question1": "Nothing.",
        }  # fmt: skip


def write_esconv(folder, chats=None):
    path = folder / "ESConv.json"
    path.write_text(json.dumps(list(esconv_chats()) if chats is None else chats), "utf-8")
    return path
