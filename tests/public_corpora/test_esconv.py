import re

import pytest
from public_files import esconv_chats, write_esconv

from alliance_nlp.errors import CorpusError
from alliance_nlp.public_corpora import esconv
from alliance_nlp.transcript import SpeakerRole


def test_a_chat_is_a_session_named_by_its_place(tmp_path):
    published = esconv.read(write_esconv(tmp_path))
    session = published[5].session
    assert (len(published), session.session_id, published[5].client) == (6, "esconv-5", "esconv-5")
    assert session.utterances[0][:4] == ("1", "It is about the seat again.", "seeker", SpeakerRole.CLIENT)
    assert session.utterances[1].speaker_role == SpeakerRole.THERAPIST


def test_the_label_of_the_supporter_s_message_is_its_strategy(tmp_path):
    labels = esconv.read(write_esconv(tmp_path))[0].labels
    assert labels[:4] == ((), ({"strategy": "Others"},), (), ({"strategy": "Question"},))


def test_both_spellings_of_the_authors_are_one(tmp_path):
    chats = list(esconv_chats())
    chats[0]["dialog"][1]["annotation"]["strategy"] = "Other"
    chats[0]["dialog"][3]["annotation"]["strategy"] = "Questions"
    labels = esconv.read(write_esconv(tmp_path, chats))[0].labels
    assert labels == esconv.read(write_esconv(tmp_path))[0].labels


def test_what_is_published_about_a_chat_stands_in_columns(tmp_path):
    columns = esconv.read(write_esconv(tmp_path))[1].session.columns
    firsts = {name: cells[0] for name, cells in columns.items()}
    assert (firsts["problem_type"], firsts["seeker_final_emotion_intensity"]) == ("lost room", "1")
    assert (firsts["seeker_empathy_score"], firsts["supporter_relevance_score"]) == ("", "5")
    assert columns["feedback"][:4] == ("", "", "4", "")


def test_a_chat_without_scores_is_read(tmp_path):
    chats = [chat | {"survey_score": {}} for chat in esconv_chats()]
    assert esconv.read(write_esconv(tmp_path, chats))[0].session.columns["seeker_empathy_score"][0] == ""


def without(chat, name):
    return {key: value for key, value in chat.items() if key != name}


def with_turn(**changes):
    chat = next(esconv_chats())
    return [chat | {"dialog": [chat["dialog"][0], chat["dialog"][1] | changes]}]


BAD = [
    ("not a list", {"dialog": []}, "not a list of chats"),
    ("empty", [], "not a list of chats"),
    ("no object", ["wintergreen"], "chat 0: not an object"),
    ("no dialog", [without(next(esconv_chats()), "dialog")], "chat 0: no dialog"),
    ("empty dialog", [next(esconv_chats()) | {"dialog": []}], "chat 0: dialog is not a list of messages"),
    ("no content", [next(esconv_chats()) | {"dialog": [{"speaker": "seeker"}]}], "message 1: no annotation, content"),
    ("speaker", with_turn(speaker="wintergreen"), "message 2: speaker is none of seeker, supporter"),
    ("strategy", with_turn(annotation={"strategy": "wintergreen"}), "message 2: strategy is none of Question"),
    ("no strategy", with_turn(annotation={}), "message 2: a supporter's message without its strategy"),
    ("half a pair", with_turn(content="Well \ud83d"), "message 2: half of a UTF-16 surrogate pair"),
    ("text", with_turn(content=3), "message 2: speaker and content must be texts"),
]


@pytest.mark.parametrize(("chats", "message"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_a_changed_file_is_recognised_and_the_right_one_named(tmp_path, chats, message):
    with pytest.raises(CorpusError, match=re.escape(message)) as caught:
        esconv.read(write_esconv(tmp_path, chats))
    assert "ESConv.json as published at https://github.com/thu-coai/Emotional-Support-Conversation" in str(caught.value)
    assert "wintergreen" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"), [(b'[{"dialog": ', "not JSON, or cut off"), (b"\xff\xfe\x00", "not UTF-8"), (b"", "line 1")]
)
def test_a_file_of_another_kind_is_recognised(tmp_path, content, message):
    (tmp_path / "ESConv.json").write_bytes(content)
    with pytest.raises(CorpusError, match=re.escape(message)):
        esconv.read(tmp_path)
