from types import SimpleNamespace

from alliance_nlp.batch_notes import few_words_known, one_role_only, read_twice
from alliance_nlp.transcript import SpeakerRole


def summary(session_id, therapist, client):
    utterances = {SpeakerRole.THERAPIST: therapist, SpeakerRole.CLIENT: client, SpeakerRole.OTHER: 0}
    return SimpleNamespace(session_id=session_id, utterances=utterances)


def test_sessions_with_both_roles_give_no_note():
    assert one_role_only([summary("A", 1, 2)]) == []


def test_sessions_without_a_role_are_counted_and_one_is_named():
    assert one_role_only([summary("A", 1, 1), summary("B", 0, 1), summary("C", 0, 2), summary("D", 1, 0)]) == [
        "no line of a therapist in 2 of 4 sessions, such as B: check --role",
        "no line of a client in 1 of 4 sessions, such as D: check --role",
    ]


def test_sessions_of_whose_words_few_are_known_are_counted_and_one_is_named():
    def known(*sessions):
        return [SimpleNamespace(session_id=name, tokens=n, known_tokens=of_these) for name, n, of_these in sessions]

    assert few_words_known(known(("A", 100, 60), ("B", 49, 0))) == []
    assert few_words_known(known(("A", 1000, 950), ("B", 90, 28), ("C", 200, 80))) == [
        "the model knows few of the words in 2 of 3 sessions, such as B (31%): are they in its language? Their tags "
        "mean little"
    ]


def test_files_of_the_same_bytes_are_told():
    assert read_twice({"in/a.txt": "1", "in/b.txt": "2", "in/c.txt": "1"}) == [
        "in/c.txt holds the same as in/a.txt; both are counted"
    ]


def test_files_of_one_name_in_one_folder_are_asked_about():
    assert read_twice({"in/a.docx": "1", "in/a.vtt": "2", "in/b/a.vtt": "3"}) == [
        "in/a.vtt has the name of in/a.docx; both are counted: is it one session twice?"
    ]
