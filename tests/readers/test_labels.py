import pytest

from alliance_nlp.readers._labels import Labels
from alliance_nlp.roles import RoleNames


def split(*texts, text=None):
    return Labels(texts, RoleNames()).split(text or texts[-1])


@pytest.mark.parametrize("text", ["T: Yes.", "T:Yes.", "- Therapist: Yes.", "MRS BLUE: Yes.", "SPEAKER_00: Yes."])
def test_a_label_with_a_role_or_in_capitals_counts_at_once(text):
    assert split(text)[1] == "Yes."


@pytest.mark.parametrize("text", ["Monday: swimming", "I said: no", "10: that is it", "At 10:30", ": no", "no colon"])
def test_other_words_before_a_colon_do_not(text):
    assert split(text) == ("", text)


def test_a_name_counts_the_second_time():
    assert split("Ada Marsh: Yes.", "Ada Marsh: No.") == ("Ada Marsh", "No.")


def test_whatever_stands_before_a_tenth_of_the_texts_counts():
    assert split(*["ben (he/him): a"] * 3, "ben (he/him): b") == ("ben (he/him)", "b")
    assert split(*["and then: a"] * 3, *["more"] * 50, "and then: b") == ("", "and then: b")
