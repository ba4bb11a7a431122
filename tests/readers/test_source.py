import codecs
import hashlib

import pytest

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import TextSource

TEXT = "T: It’s been a while – café?\r\nC: Yes, it has. I do not know why.\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "session.txt"
        path.write_bytes(content)
        return path

    return write


def text_of(path):
    with TextSource(path).open() as stream:
        return stream.read()


def error_of(path):
    with pytest.raises(TranscriptError) as caught:
        TextSource(path)
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), id="UTF-8 with BOM"),
        pytest.param(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), id="UTF-16 LE with BOM"),
        pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), id="UTF-16 BE with BOM"),
        pytest.param(TEXT.encode("utf-16-le"), id="UTF-16 LE"),
        pytest.param(TEXT.encode("utf-16-be"), id="UTF-16 BE"),
        pytest.param(codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), id="UTF-32 LE with BOM"),
        pytest.param(TEXT.encode("cp1252"), id="Windows-1252"),
    ],
)
def test_text_is_read_in_its_encoding_with_its_line_ends(written, content):
    assert text_of(written(content)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_emoji_are_read(written, encoding):
    text = "T: Well done 🙂\nC: Thank you 👍🏽\n"
    assert text_of(written(text.encode(encoding))) == text


@pytest.mark.parametrize("offset", [1, 2, 3])
def test_a_letter_across_the_edge_of_a_block_is_read(written, offset):
    text = "T: " + "a" * ((1 << 20) - 3 - offset) + "🙂 and on\n"
    assert text_of(written(text.encode())) == text


@pytest.mark.parametrize("content", [b"T: caf\xc3\xa9\nC: na\xefve\n", "T: café\nC: née".encode() + b"\xc3"])
def test_damaged_utf8_is_refused_with_its_line(written, content):
    error = error_of(written(content))
    assert ("UTF-8 text is damaged" in error.reason, error.place) == (True, "line 2")


def test_bytes_of_no_known_encoding_are_refused_with_their_line(written):
    error = error_of(written(b"T: plain\nC: what \x81 is this\n"))
    assert ("neither UTF-8, UTF-16 nor Windows-1252" in error.reason, error.place) == (True, "line 2")


WESTERN = {
    "French": "T: L’élève créée à Noël, « Ça va ? » – où ça ?\nC: Œuvre, 20 °C, déjà réélu… J’ai été très gênée.\n",
    "German": "T: „Größe“, sagte sie: ‚Ärger‘ – über Äpfel.\nC: Äääääh, ÖÖÖÖÖh, ja § 5, schöööön! Füße, Maß.\n",
    "Spanish": "T: ¿Qué pasó, Óscar? ¡Ánimo! Señor Íñigo.\nC: Mañana… «Sí», dijo él.\n",
    "Portuguese": "T: «NÃO». AS EMOÇÕES; LIÇÕES…\nC: Põe o coração, mãe. Òtimo?\n",
    "Finnish": "T: Hääyöaie, jäääär, töööö. Šakki.\nC: Öööö… ÄÄÄÄÄÄ, älä.\n",
    "Icelandic": "T: Óþýður, áþreifanlegt, Þórður.\nC: Æðiþýður.\n",
    "English": "T: It’s “been” a while – café? Siân Ó Briain…\nC: Naïve, £5, 20°, ½. Seán’s. ‘Well.’\n",
}


@pytest.mark.parametrize("language", WESTERN)
def test_western_text_in_windows_1252_is_read(written, language):
    assert text_of(written(WESTERN[language].encode("cp1252"))) == WESTERN[language]


@pytest.mark.parametrize(
    ("text", "encoding", "what"),
    [
        ("T: Hello.\nC: I’m glad you’re here.\n", "mac_roman", "Mac Roman"),
        ("T: Hello.\nC: That was the kids’ room.\n", "mac_roman", "Mac Roman"),
        ("T: Hello.\nC: She said, “fine.”\n", "mac_roman", "Mac Roman"),
        ("T: Hallo.\nC: Es ist für uns.\n", "mac_roman", "Mac Roman"),
        ("T: Hello.\rC: I’m glad.\r", "mac_roman", "Mac Roman"),
        ("T: Hello.\nC: 你在这里我很高兴高兴\n", "gb18030", "another alphabet"),
        ("T: Hello.\nC: Мне очень плохо сегодня\n", "cp1251", "another alphabet"),
        ("T: Hello.\nC: Мне очень плохо сегодня\n", "koi8_r", "another alphabet"),
        ("T: Hello.\nC: Δεν ξέρω τίποτα σήμερα\n", "cp1253", "another alphabet"),
        ("T: Hello.\nC: 안녕하세요 반갑습니다\n", "euc_kr", "another alphabet"),
    ],
)
def test_another_encoding_is_not_read_as_windows_1252(written, text, encoding, what):
    error = error_of(written(text.encode(encoding)))
    assert (what in error.reason, "save as UTF-8" in error.reason, error.place) == (True, True, "line 2")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        pytest.param(b"", "utf-8", id="UTF-8"),
        pytest.param(codecs.BOM_UTF8, "utf-8", id="UTF-8 with BOM"),
        pytest.param(b"", "utf-16-le", id="UTF-16 LE"),
        pytest.param(codecs.BOM_UTF16_LE, "utf-16-le", id="UTF-16 LE with BOM"),
        pytest.param(b"", "utf-16-be", id="UTF-16 BE"),
        pytest.param(codecs.BOM_UTF16_BE, "utf-16-be", id="UTF-16 BE with BOM"),
    ],
)
@pytest.mark.parametrize("half", ["\ud83d", "\ude42"], ids=["first half", "second half"])
def test_a_lone_surrogate_is_refused_with_its_line(written, mark, encoding, half):
    error = error_of(written(mark + f"T: one\nC: cut {half} emoji\n".encode(encoding, "surrogatepass")))
    assert ("surrogate pair" in error.reason, error.place) == (True, "line 2")


def test_utf16_that_ends_in_half_a_pair_is_refused_with_its_line(written):
    assert error_of(written("T: one\nC: two \ud83d".encode("utf-16", "surrogatepass"))).place == "line 2"


def test_utf16_that_ends_in_half_a_letter_is_refused(written):
    assert "damaged or cut off" in error_of(written("T: one\nC: two\n".encode("utf-16")[:-1])).reason


def test_text_with_nul_bytes_is_refused(written):
    assert "not a text file" in error_of(written(b"T: one\0two and three and four\n")).reason


def test_a_picture_is_refused(written):
    assert "not a text file" in error_of(written(PNG)).reason


def test_an_empty_file_is_refused(written):
    assert "empty" in error_of(written(b"")).reason


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "cannot be read" in error_of(tmp_path / "gone.txt").reason


def test_a_folder_is_refused(tmp_path):
    assert "cannot be read" in error_of(tmp_path).reason


def test_no_message_repeats_words_of_the_file(written):
    assert "naive" not in str(error_of(written("T: café naive ".encode() + b"\xff naive")))


def test_the_digest_and_size_are_those_of_the_bytes(written):
    content = TEXT.encode("utf-16") * 20_000
    source = TextSource(written(content))
    assert (source.sha256, source.size) == (hashlib.sha256(content).hexdigest(), len(content))


def test_bytes_read_begins_at_the_start_and_ends_at_size(written):
    source = TextSource(written(b"T: a line\n" * 100_000))
    with source.open() as stream:
        next(stream)
        at_first_line = source.bytes_read
        for _ in stream:
            pass
    assert (at_first_line < source.size / 10, source.bytes_read) == (True, source.size)


def test_bytes_read_can_be_asked_after_a_reader_failed(written):
    source = TextSource(written(b"T: a line\n"))
    with pytest.raises(RuntimeError), source.open():
        raise RuntimeError
    assert source.bytes_read <= source.size
