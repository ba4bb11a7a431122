import io
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_files import (
    EMOJI,
    LINK,
    MADE,
    NOTED,
    PICTURE,
    SAMPLES,
    STRICT_W,
    STYLES,
    TEXT_BOX,
    b,
    deleted,
    docx,
    ins,
    p,
    packed,
    r,
    table,
    tc,
    tr,
)  # fmt: skip

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session
from alliance_nlp.readers._docx_body import count_paragraphs
from alliance_nlp.readers._xml import parse_xml
from alliance_nlp.roles import RoleNames

ADA = RoleNames({"Ada Marsh": "therapist", "Ben Okoro": "client"})


@pytest.fixture
def read(tmp_path):
    def read(data, roles=None, name="s.docx", **options):
        path = tmp_path / name
        path.write_bytes(data)
        return read_session(path, roles, **options)

    return read


def said(session):
    return [(item.speaker, item.text) for item in session.utterances]


def notes(session):
    return [note.partition(": ")[2] for note in session.notes]


def refused(read, data, **options):
    with pytest.raises(TranscriptError) as caught:
        read(data, **options)
    assert "\n" not in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize("name", MADE)
def test_the_samples_are_those_that_are_made(name):
    made, kept = MADE[name](), (SAMPLES / name).read_bytes()
    assert contents(made) == contents(kept)


def contents(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# Programs


WORD = [
    ("T", "How was the week with the new medication?"),
    ("C", "Long. I wrote it down, as you said, but then I lost the notebook on the train."),
    ("T", "But then? “Lost”, you say – how come?"),
    ("C", "It went with the old rucksack that I had been meaning to mend 🙂 and that was the end of it."),
    ("T", "That sounds like one loss on top of another."),
    ("C", "It does-ish.☺"),
    ("T", "Shall we look at what the notebook meant to you?"),
]


@pytest.mark.parametrize("name", ["docx/word.docx", "docx/libreoffice.docx", "odt/libreoffice.odt"])
def test_a_transcript_worked_on_in_word_is_read_as_it_shows(name):
    assert said(read_session(SAMPLES / name)) == WORD


def test_what_a_word_transcript_holds_beside_is_told():
    assert notes(read_session(SAMPLES / "docx" / "word.docx")) == [
        "2 paragraphs above the first speaker left out (paragraph 1, paragraph 2)",
        "1 paragraph whose words are hidden left out (paragraph 10)",
        "left out, since they stand beside the text: 1 comment, 1 footer, 1 footnote, 1 header, 1 hidden passage"
        ", 1 text box",
        "1 tracked insertion read and 1 tracked deletion left out, as if all changes were accepted",
    ]


def test_a_teams_transcript_has_names_and_times_and_its_fragments_are_joined():
    session = read_session(SAMPLES / "docx" / "teams.docx", ADA)
    assert [(item.speaker, item.text, item.start) for item in session.utterances] == [
        ("Ada Marsh", "How was the week with the new medication?", 5.0),
        ("Ben Okoro", "Long. I wrote it down, as you said, and then I lost the notebook on the train.", 12.0),
        ("Ada Marsh", "That sounds like one loss on top of another.", 3723.0),
    ]
    assert "2 paragraphs that the program adds left out" in "".join(notes(session))
    assert len(read_session(SAMPLES / "docx" / "teams.docx", ADA, join=False).utterances) == 4


def test_an_older_teams_transcript_has_names_and_times():
    session = read_session(
        SAMPLES / "docx" / "teams-old.docx", RoleNames({"Marsh, Ada": "therapist", "Okoro, Ben": "client"})
    )
    assert [(item.speaker, item.text, item.start, item.end) for item in session.utterances] == [
        ("Marsh, Ada", "How was the week with the new medication?", 5.1, 8.25),
        ("Okoro, Ben", "Long. I lost the notebook on the train.", 8.5, 10.3),
    ]


def test_words_own_transcription_has_names_and_times():
    roles = RoleNames({"Speaker 1": "therapist", "Speaker 2": "client"})
    session = read_session(SAMPLES / "docx" / "word-transcribe.docx", roles)
    assert [(item.speaker, item.start) for item in session.utterances] == [("Speaker 1", 5.0), ("Speaker 2", 12.0)]


@pytest.mark.parametrize("name", ["docx/google-docs.docx", "odt/libreoffice-table.odt"])
def test_a_table_of_times_speakers_and_words_is_read(name):
    session = read_session(SAMPLES / name)
    assert [(item.speaker, item.text, item.start) for item in session.utterances] == [
        ("T", "How was the week with the new medication?", 5.0),
        ("C", "Long. I lost the notebook on the train. And the umbrella as well, come to think of it.", 12.0),
        ("T", "That sounds like one loss on top of another.", 31.0),
    ]


# Labels


@pytest.mark.parametrize(
    "paragraphs",
    [
        [p(b("T:"), " Hello."), p(b("C:"), " Yes.")],
        [p(b("T"), ": Hello."), p(b("C"), ":\tYes.")],
        [p("T: Hello.\nC: Yes.")],
        [p("T\tHello."), p("C\t\tYes.")],
        [p(b("T")), p("Hello."), p(b("C:")), p("Yes.")],
        [p(b("T: Hello.")), p("C: Yes.")],
        [p("1. T: Hello."), p("2. C: Yes."), p("3. T: Oh."), p("4. C: Ah.")],
    ],
    ids=["bold colon", "plain colon", "line breaks", "tabs", "lines of their own", "bold speech", "numbers"],
)
def test_labels_are_found(read, paragraphs):
    assert said(read(docx("".join(paragraphs))))[:2] == [("T", "Hello."), ("C", "Yes.")]


def test_numbers_at_the_begin_that_do_not_go_on_are_words(read):
    assert said(read(docx(p("T: Hello.") + p("12 years it was.") + p("C: Yes."))))[0] == (
        "T",
        "Hello. 12 years it was.",
    )


def test_a_bold_name_alone_is_a_label_where_it_comes_twice(read):
    lines = [p(b("Ada Marsh")), p("Hello."), p(b("Ben Okoro")), p("Yes."), p(b("Ada Marsh")), p("Good.")]
    session = read(docx("".join([*lines, p(b("Ben Okoro"))])), ADA)
    assert [speaker for speaker, _ in said(session)] == ["Ada Marsh", "Ben Okoro", "Ada Marsh", "Ben Okoro"]


def test_a_bold_heading_among_the_talk_is_told(read):
    session = read(docx(p("T: Hello.") + p(b("Second part")) + p("C: Yes.")))
    assert said(session)[0] == ("T", "Hello. Second part")
    assert any("looks like a label or a heading" in note and "paragraph 2" in note for note in notes(session))


def test_a_bold_name_with_a_colon_needs_no_known_role(read):
    with pytest.raises(TranscriptError, match=r"no role known for speaker label 'dr\. ada m\.'"):
        read(docx(p(b("dr. ada m.:"), " Hello.") + p("C: Yes.")))


def test_an_emphasised_word_is_no_label(read):
    session = read(
        docx(p("T: Hello.") + p("C: Yes.\n", b("I"), " never said.\n", b("I"), " did not.\n", b("No"), " way."))
    )
    assert said(session)[1] == ("C", "Yes. I never said. I did not. No way.")


def test_what_stands_above_a_transcript_is_left_out(read):
    session = read(docx(p("Date: 5 May") + p("Session no.: 4") + p("T: Hello.")))
    assert said(session) == [("T", "Hello.")]
    assert notes(session) == ["2 paragraphs above the first speaker left out (paragraph 1, paragraph 2)"]


@pytest.mark.parametrize("style", ["Strong", "SpeakerName"])
def test_bold_by_a_style_is_bold(read, style):
    name = r("Ada Marsh", f'<w:rStyle w:val="{style}"/>')
    assert said(read(docx(p(name) + p("Hello.") + p(name) + p("Yes."), styles=STYLES), ADA))[1] == ("Ada Marsh", "Yes.")


def test_bold_in_a_bold_paragraph_is_not(read):
    heading = '<w:pStyle w:val="Heading1"/>'
    name = p(r("Ada Marsh", '<w:rStyle w:val="Strong"/>'), properties=heading)
    session = read(docx(p("T: Hello.") + name + p("Yes.") + name, styles=STYLES), ADA)
    assert len(said(session)) == 1


def test_styles_based_on_each_other_end(read):
    loop = "".join(
        f'<w:style w:type="character" w:styleId="{one}"><w:basedOn w:val="{other}"/></w:style>'
        for one, other in ("AB", "BA")
    )
    assert said(read(docx(p(r("T: Hello.", '<w:rStyle w:val="A"/>')), styles=loop))) == [("T", "Hello.")]


# What is text


def test_tracked_insertions_are_kept_and_deletions_are_not(read):
    moved = f'<w:moveFrom w:id="5">{r("gone")}</w:moveFrom><w:moveTo w:id="6">{r("come")}</w:moveTo>'
    nested = f"<w:ins>{deleted('both')}</w:ins>"
    session = read(docx(p("T: It ", deleted("was"), ins("is"), " so ", moved, nested)))
    assert said(session) == [("T", "It is so come")]
    assert notes(session) == [
        "3 tracked insertions read and 3 tracked deletions left out, as if all changes were accepted"
    ]


def test_rows_and_cells_whose_deletion_is_tracked_are_not_read(read):
    rows = "<w:tbl>" + tr("T", "Hello.") + tr("T", "Gone.", properties="<w:del/>") + tr("C", "Yes.")
    rows += tr("T", "Oh.", tc("gone", "<w:cellDel/>")) + "</w:tbl>"
    session = read(docx(rows))
    assert said(session) == [("T", "Hello."), ("C", "Yes."), ("T", "Oh.")]
    assert not any("holds" in note for note in notes(session))


def test_the_code_of_a_field_is_not_text_and_its_result_is(read):
    session = read(docx(p("T: see ", LINK.format(r("this page")), " please")))
    assert said(session) == [("T", "see this page please")]


def test_a_field_that_never_ends_takes_no_more_than_its_paragraph(read):
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    session = read(docx(p("T: Hello.", begin, " PAGE") + p("C: Yes.")))
    assert said(session) == [("T", "Hello."), ("C", "Yes.")]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<w:hyperlink r:id='x'><w:r><w:t>a link</w:t></w:r></w:hyperlink>", "a link"),
        ("<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>a control</w:t></w:r></w:sdtContent></w:sdt>", "a control"),
        ("<w:smartTag><w:r><w:t>a tag</w:t></w:r></w:smartTag>", "a tag"),
        ("<w:fldSimple w:instr=' DATE '><w:r><w:t>May</w:t></w:r></w:fldSimple>", "May"),
        ("<w:r><w:t>note</w:t><w:softHyphen/><w:t>book</w:t></w:r>", "notebook"),
        ("<w:r><w:t>note\u00adbook\u200b</w:t></w:r>", "notebook"),
        ("<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t></w:r>", "co-op"),
        ("<w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:cr/><w:t>three</w:t></w:r>", "one two three"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>above</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase>"
         "</w:ruby></w:r>", "base"),
        (EMOJI, "🙂"),
        (NOTED, ""),
    ],
)  # fmt: skip
def test_what_a_paragraph_shows_is_its_text(read, content, text):
    assert said(read(docx(p("T: ", content, r("."))))) == [("T", f"{text}.".strip())]


def test_pictures_boxes_and_unknown_symbols_are_counted(read):
    unknown = '<w:r><w:sym w:font="Symbol" w:char="F0AA"/><w:sym w:char="D800"/><w:sym w:char="nonsense"/></w:r>'
    session = read(docx(p("T: Hello.", PICTURE, TEXT_BOX.format(p("in a box") + p("more")), unknown)))
    assert notes(session) == ["left out, since they stand beside the text: 1 picture, 1 text box, 3 unknown symbols"]


def test_a_strict_document_is_read(read):
    assert said(read(docx(p("T: Hello."), namespace=STRICT_W))) == [("T", "Hello.")]


def test_paragraphs_in_content_controls_are_read(read):
    assert said(read(docx(f"<w:sdt><w:sdtContent>{p('T: Hello.')}</w:sdtContent></w:sdt>"))) == [("T", "Hello.")]


def test_an_embedded_document_is_counted(read):
    assert any("1 embedded document" in note for note in notes(read(docx(p("T: Hello.") + '<w:altChunk r:id="x"/>'))))


# Tables


def test_a_table_without_names_is_told_by_its_content(read):
    session = read(
        docx(table(("1", "0:05", "T:", "Hello."), ("2", "0:09 - 0:12", "C:", "Yes."), ("3", "0:13", "", "Well.")))
    )
    assert [(item.speaker, item.text, item.start, item.end) for item in session.utterances] == [
        ("T", "Hello.", 5.0, None), ("C", "Yes.", 9.0, 12.0), ("C", "Well.", 13.0, None),
    ]  # fmt: skip


def test_columns_of_a_table_are_those_that_are_named(read):
    session = read(docx(table(("Notes", "Text", "Who"), ("a long remark by the coder", "Hello.", "T"))))
    assert said(session) == [("T", "Hello.")]
    assert "1 paragraph in other columns of a table left out (paragraph 4)" in notes(session)


def test_columns_of_a_table_are_those_that_the_user_names(read):
    data = docx(table(("Wer", "Was", "Text"), ("T", "Hello.", "x"), ("C", "Yes.", "y")))
    assert said(read(data, columns={"speaker": "wer", "text": "was"})) == [("T", "Hello."), ("C", "Yes.")]


def test_a_table_of_times_with_labels_in_the_words_is_read(read):
    session = read(docx(table(("0:05", "T: Hello."), ("0:09", "C: Yes."))))
    assert [(item.speaker, item.text, item.start) for item in session.utterances] == [
        ("T", "Hello.", 5.0),
        ("C", "Yes.", 9.0),
    ]


def test_a_whole_transcript_in_one_cell_is_read(read):
    assert said(read(docx(table((p("T: Hello.") + p("C: Yes."),))))) == [("T", "Hello."), ("C", "Yes.")]


def test_a_table_that_is_no_transcript_is_left_out_and_told(read):
    session = read(docx(table(("Participant", "7"), ("Site", "North")) + p("T: Hello.")))
    assert said(session) == [("T", "Hello.")]
    assert "4 paragraphs in a table without a column of speakers left out" in "".join(notes(session))


def test_rows_across_the_table_and_rows_without_words_are_told(read):
    across = tr(tc("Second part", '<w:gridSpan w:val="2"/>'))
    session = read(docx(f"<w:tbl>{tr('T', 'Hello.')}{across}{tr('C', '')}{tr('C', 'Yes.')}</w:tbl>" + p("The end")))
    assert said(session) == [("T", "Hello."), ("C", "Yes.")]
    assert notes(session) == [
        "1 paragraph across columns of a table left out (paragraph 3)",
        "1 paragraph in rows of a table without words left out (paragraph 4)",
        "1 paragraph below a table of utterances left out (paragraph 7)",
    ]


def test_a_merged_cell_of_a_speaker_holds_for_all_its_rows(read):
    rows = [
        tr("0:01", tc("T", "<w:vMerge w:val='restart'/>"), "Hello."), tr("0:02", tc("", "<w:vMerge/>"), "Well."),
        tr("0:03", "C", "Yes."),
    ]  # fmt: skip
    assert said(read(docx(f"<w:tbl>{''.join(rows)}</w:tbl>"))) == [("T", "Hello."), ("T", "Well."), ("C", "Yes.")]


# Nothing is lost silently


PIECES = st.sampled_from(
    [
        p("T: word"), p("word"), p(), p(b("C:"), " word"), p(deleted("gone")), p(r("word", "<w:vanish/>")),
        p("date: word"), p(LINK.format(r("word"))), p(PICTURE), p(TEXT_BOX.format(p("word"))), p("T: a\nC: b"),
        table(("T", "word"), ("C", "word")), table(("x", "y"), ("z", "w")), table(("0:05", "T: word")),
        p("x", properties="<w:rPr><w:del/></w:rPr>"), p(b("Part two")),
        f"<w:sdt><w:sdtContent>{p('word')}</w:sdtContent></w:sdt>",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_every_paragraph_is_read_or_named(tmp_path_factory, pieces):
    path = tmp_path_factory.getbasetemp() / "any.docx"
    path.write_bytes(docx(p("T: Hello.") + "".join(pieces)))
    session = read_session(path)
    assert not any("compare the result with the file" in note for note in session.notes)
    held = "".join(pieces).count("word")
    unread = "".join(pieces).count("w:vanish") + 2 * "".join(pieces).count("w:txbxContent>word")
    assert sum(item.text.count("word") for item in session.utterances) <= held - unread


def test_paragraphs_are_counted_in_another_way_than_by_reading(tmp_path):
    root = parse_xml(tmp_path, contents(MADE["docx/word.docx"]())["word/document.xml"])
    assert count_paragraphs(root) == 12


# Files that cannot be read, and those made to do harm


OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("s.docx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "remove the password"),
        ("s.doc", OLE + b"\0" * 600, "Office 97 to 2003; open it and save it as .docx"),
        ("s.doc", b"{\\rtf1 T: Hello.}", "Rich Text Format; open it and save it as .docx"),
        ("s.rtf", b"{\\rtf1 T: Hello.}", "Rich Text Format; open it and save it as .docx"),
        ("s.docx", b"T: Hello.", "no .docx file"),
        ("s.docx", b"\0" * 1000, "no .docx file"),
        ("s.docx", b"PK\x03\x04", "damaged or cut off"),
        ("s.docx", docx(p("T: Hello."))[:-40], "damaged or cut off"),
        ("s.docx", packed({"a.txt": "x"}), "no Word document inside"),
        ("s.docx", packed({"word/document.xml": "<a/>"}), "no Word document"),
        ("s.docx", packed({"../word/document.xml": "<a/>"}), "leads out of it"),
        ("s.docx", docx(p("Hello.")), "no speakers found in 1 paragraph"),
        ("s.docx", docx(""), "no speakers found in 0 paragraphs"),
    ],
)
def test_what_is_no_word_document_is_refused_with_what_to_do(read, name, data, reason):
    assert reason in refused(read, data, name=name)


def hostile(document, **others):
    return packed({"word/document.xml": document} | others)


BOMB = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><a>&b;</a>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (hostile(BOMB), "declares a document type or entities"),
        (hostile('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), "declares a document type or entities"),
        (hostile("<a/>", **{"_rels/.rels": BOMB}), "declares a document type or entities"),
        (docx(p("T: Hello."), styles=f"{'<w:a>' * 500}{'</w:a>' * 500}"), "nested more than"),
        (docx("<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80), "nested more than"),
        (docx(p("T: Hello."), comments=BOMB[BOMB.index("]>") + 2 :]), "damaged or cut off"),
        (docx("x" * (100 << 20)), "more than 250 times its size"),
    ],
    ids=[
        "entities",
        "external entity",
        "entities elsewhere",
        "deep styles",
        "deep tables",
        "undefined",
        "zip bomb",
    ],
)
def test_files_made_to_do_harm_are_refused_in_bounded_time(read, data, reason):
    began = time.process_time()
    assert reason in refused(read, data)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("filler", [" ", "\t", "9", "9 ", "a", "-", " a", "a:", ":", "(", "0:05 ", "\n"])
def test_long_runs_in_a_document_are_read_in_bounded_time(read, filler):
    run = filler * (30_000 // len(filler))
    for text in (run, f"T{run}: x", f"T: {run}", f"Ada Marsh{run}0:05", f"[0:05{run}"):
        began = time.process_time()
        with suppress(TranscriptError):
            read(docx(p("T: Hello.") + p(text) + p(b(text)) + table(("T", text), (text, "C"))))
        assert time.process_time() - began < 3


def test_what_a_document_refers_to_is_not_fetched(read, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("connects"))
    data = contents(docx(p("T: Hello.", PICTURE), styles=STYLES))
    data["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="r"><Relationship Id="1" Type="x/attachedTemplate" TargetMode="External" '
        'Target="http://192.0.2.1/t.dotm"/></Relationships>'
    )
    assert said(read(packed(data))) == [("T", "Hello.")]


def test_macros_are_not_run_and_told(read):
    data = packed(contents(docx(p("T: Hello."))) | {"word/vbaProject.bin": b"\0"})
    assert notes(read(data, name="s.docm")) == ["holds macros, which were neither run nor read"]


def test_a_document_of_another_ending_is_told_by_its_content(read):
    session = read(docx(p("T: Hello.")), name="s.txt")
    assert said(session) == [("T", "Hello.")]
    assert "read as a Word document, which it is by its content" in session.notes[0]
