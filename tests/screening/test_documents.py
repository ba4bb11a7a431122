import zipfile

import pytest

from alliance_nlp.errors import TranscriptError
from alliance_nlp.screening.documents import Property, read_properties

CORE = """<?xml version="1.0"?><cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>Notes</dc:title>
<dc:creator>Jane Miller</dc:creator><cp:lastModifiedBy>Tom Becker</cp:lastModifiedBy></cp:coreProperties>"""
APP = """<Properties xmlns="p"><Company>Leeds Clinic</Company><Manager>Ann Lee</Manager><Pages>3</Pages></Properties>"""
BODY = """<w:document xmlns:w="w"><w:body><w:p><w:ins w:author="Priya Shah" w:id="1"><w:r><w:t>word</w:t></w:r></w:ins>
</w:p></w:body></w:document>"""
COMMENTS = """<w:comments xmlns:w="w"><w:comment w:author="Carl Weber" w:initials="CW">
<w:p><w:r><w:t>Ask Anna.</w:t></w:r></w:p>
</w:comment></w:comments>"""
HEADER = """<w:hdr xmlns:w="w"><w:p><w:r><w:t>Case of </w:t></w:r><w:r><w:t>Maria</w:t></w:r></w:p></w:hdr>"""
SHEET_COMMENTS = """<comments xmlns="m"><authors><author>Zoe Adler</author></authors><commentList>
<comment ref="A1" authorId="0">
<text><r><t>Ring Karl</t></r></text></comment></commentList></comments>"""
META = """<office:document-meta xmlns:office="o" xmlns:meta="m" xmlns:dc="d"><office:meta>
<meta:initial-creator>Jane Miller
</meta:initial-creator><dc:creator>Tom Becker</dc:creator></office:meta></office:document-meta>"""
CONTENT = """<office:document-content xmlns:office="o" xmlns:dc="d" xmlns:text="t"><office:annotation>
<dc:creator>Ben Kane
</dc:creator><text:p>Is this Anna?</text:p></office:annotation><office:change-info><dc:creator>Lea Voss</dc:creator>
</office:change-info></office:document-content>"""


def write(path, **parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return path


def test_word(tmp_path):
    path = write(tmp_path / "a.docx", docProps__core=CORE, docProps__app=APP, word__document=BODY,
                 word__comments=COMMENTS, word__header1=HEADER)  # fmt: skip
    assert set(read_properties(path)) == {
        Property("document property title", "Notes", False),
        Property("document property author", "Jane Miller", True),
        Property("document property last modified by", "Tom Becker", True),
        Property("document property company", "Leeds Clinic", False),
        Property("document property manager", "Ann Lee", True),
        Property("author of a change", "Priya Shah", True),
        Property("author of a comment", "Carl Weber", True),
        Property("comment", "Ask Anna.", False, True),
        Property("header, footer or note", "Case of Maria", False, True),
    }


def test_excel(tmp_path):
    path = write(tmp_path / "a.xlsx", docProps__core=CORE, xl__comments1=SHEET_COMMENTS)
    found = read_properties(path)
    assert Property("author of a comment", "Zoe Adler", True) in found
    assert Property("comment", "Ring Karl", False, True) in found


def test_opendocument(tmp_path):
    path = write(tmp_path / "a.odt", meta=META, content=CONTENT)
    assert set(read_properties(path)) == {
        Property("document property author", "Jane Miller", True),
        Property("document property author", "Tom Becker", True),
        Property("author of a comment", "Ben Kane", True),
        Property("author of a change", "Lea Voss", True),
        Property("comment", "Is this Anna?", False, True),
    }


def test_a_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"no archive")
    with pytest.raises(TranscriptError, match="cannot be read"):
        read_properties(tmp_path / "a.docx")


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
)
def test_entities_are_refused(tmp_path, content):
    with pytest.raises(TranscriptError, match="do not trust it"):
        read_properties(write(tmp_path / "a.docx", docProps__core=content))


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("alliance_nlp.screening.documents._LARGEST_PART", 1 << 20)
    with pytest.raises(TranscriptError, match="more than a document does"):
        read_properties(write(tmp_path / "a.docx", docProps__core="<a>" + " " * (2 << 20) + "</a>"))


def test_damaged_xml_is_refused(tmp_path):
    with pytest.raises(TranscriptError, match="ParseError"):
        read_properties(write(tmp_path / "a.docx", docProps__core="<a><b></a>"))
