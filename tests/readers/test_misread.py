import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session
from alliance_nlp.readers._misread import twice_encoded

SAID = "I’m glad – café, “yes” 🙂 … für Élise"
WESTERN = "abcxyzABCXYZ .,!?:;'-éèêëàâäöüßñçãõåæøíóúôîïÉÈÀÄÖÜÑÇÃÕÅÆØÍÓÚÔÎÂ’‘“”«»„–—…"


@pytest.mark.parametrize("letter", "’“–—…éèüößñÉ🙂")
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman"])
def test_utf8_read_in_another_encoding_is_told(letter, encoding):
    if encoding == "mac_roman" and letter not in "’“–—…":
        pytest.skip("told by the apostrophes and dashes")
    assert twice_encoded(f"so{letter}am".encode().decode(encoding, "replace"))


@pytest.mark.parametrize("sum_of", ["£5", "20°"])
def test_signs_beside_figures_are_told(sum_of):
    assert twice_encoded(sum_of.encode().decode("cp1252"))


@given(st.text(WESTERN))
def test_western_text_is_not_taken_for_it(text):
    assert not twice_encoded(text)


@pytest.mark.parametrize("text", ["«NÃO», AMANHû", "AMANHÃ – já", "AMANHÃ…", "«Â»", "‚Ärger‘", "20 °C, £5, § 3"])
def test_capitals_beside_marks_are_not_taken_for_it(text):
    assert not twice_encoded(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_that_was_encoded_twice_is_refused_with_its_line(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(f"T: Hello.\n{'C: I’m glad.'.encode().decode('cp1252')}\n".encode(encoding))
    with pytest.raises(TranscriptError, match="line 2: UTF-8 that another program read as Windows-1252") as caught:
        read_session(path)
    assert ("save as UTF-8" in caught.value.reason, "glad" in str(caught.value)) == (True, False)


def test_a_spoilt_label_is_refused_too(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"speaker,text\nT,Hello.\n{'Thérèse'.encode().decode('cp1252')},Yes.\n", "utf-8")
    with pytest.raises(TranscriptError, match="line 3: UTF-8 that another program read as Windows-1252"):
        read_session(path)


def test_a_file_in_windows_1252_says_so(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("T: It’s a café.\nC: Yes.\n".encode("cp1252"))
    session = read_session(path)
    assert session.notes == (f"{path}: not UTF-8; read as Windows-1252",)
    assert session.utterances[0].text == "It’s a café."


def test_a_file_in_utf8_says_nothing(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"T: {SAID}\nC: Yes.\n", "utf-8")
    assert read_session(path).notes == ()
