import pytest
from office_files import BOLD_SPAN, SAMPLES, odt, packed

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session


@pytest.fixture
def read(tmp_path):
    def read(data, name="s.odt"):
        path = tmp_path / name
        path.write_bytes(data)
        return read_session(path)

    return read


def said(session):
    return [(item.speaker, item.text) for item in session.utterances]


def notes(session):
    return [note.partition(": ")[2] for note in session.notes]


def tp(*content):
    return f"<text:p>{''.join(content)}</text:p>"


def bold(text):
    return f'<text:span text:style-name="T1">{text}</text:span>'


STYLE = BOLD_SPAN.format("bold")


def test_an_export_of_google_docs_is_read():
    assert said(read_session(SAMPLES / "odt" / "google-docs.odt")) == [
        ("Therapist", "How was the week with the new medication?"),
        ("Client", "Long. I lost the notebook on the train."),
        ("Therapist", "That sounds like one loss on top of another."),
    ]


def test_what_libreoffice_keeps_beside_the_text_is_told():
    assert notes(read_session(SAMPLES / "odt" / "libreoffice.odt")) == [
        "2 paragraphs above the first speaker left out (paragraph 1, paragraph 2)",
        "1 paragraph whose words are hidden left out (paragraph 9)",
        "left out, since they stand beside the text: 1 comment, 1 footer, 1 footnote, 1 header, 1 hidden passage",
        "1 tracked insertion read and 2 tracked deletions left out, as if all changes were accepted",
    ]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("one<text:s text:c='3'/>two", "one two"),
        ("one<text:tab/>two<text:line-break/>three", "one two three"),
        ("see <text:a xlink:href='http://x'>this</text:a> page", "see this page"),
        (
            "a<text:note text:note-class='footnote'><text:note-body><text:p>no</text:p></text:note-body></text:note>b",
            "ab",
        ),
        ("a<office:annotation><dc:creator>X</dc:creator><text:p>no</text:p></office:annotation>b", "ab"),
        ("a<draw:frame><draw:text-box><text:p>no</text:p></draw:text-box></draw:frame>b", "ab"),
        ("a<text:change-start/>b<text:change-end/>", "ab"),
        ("note\u00adbook", "notebook"),
        ("<text:ruby><text:ruby-base>base</text:ruby-base><text:ruby-text>above</text:ruby-text></text:ruby>", "base"),
        ("on <text:date>5 May</text:date>", "on 5 May"),
    ],
)
def test_what_a_paragraph_shows_is_its_text(read, content, text):
    assert said(read(odt(tp("T: ", content)))) == [("T", text)]


def test_what_stands_beside_the_text_is_counted(read):
    box = "<draw:frame><draw:text-box><text:p>no</text:p></draw:text-box></draw:frame>"
    body = tp(
        "T: Hello.",
        box,
        "<draw:frame><draw:image/></draw:frame>",
        "<office:annotation><text:p>x</text:p></office:annotation>",
    )
    edges = "<style:header><text:p>x</text:p></style:header><style:footer><text:p/></style:footer>"
    page = f"<style:master-page>{edges}</style:master-page>"
    assert notes(read(odt(body, pages=page))) == [
        "left out, since they stand beside the text: 1 comment, 1 header, 1 picture, 1 text box"
    ]


def test_tracked_deletions_are_not_read(read):
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info/><text:p>gone</text:p>"
        "</text:deletion></text:changed-region><text:changed-region><text:insertion/></text:changed-region>"
        "</text:tracked-changes>"
    )
    session = read(odt(changes + tp("T: It <text:change/>is so.")))
    assert said(session) == [("T", "It is so.")]
    assert notes(session) == [
        "1 tracked insertion read and 1 tracked deletion left out, as if all changes were accepted"
    ]


@pytest.mark.parametrize("weight", ["bold", "700"])
def test_bold_labels_are_found(read, weight):
    body = tp(bold("Ada M.:"), " Hello.") + tp("C: Yes.")
    with pytest.raises(TranscriptError, match=r"speaker label 'Ada M\.'"):
        read(odt(body, BOLD_SPAN.format(weight)))


def test_bold_by_the_style_of_a_paragraph_is_bold(read):
    style = '<style:style style:name="{}" style:family="paragraph" style:parent-style-name="{}">{}</style:style>'
    common = style.format("Name", "", '<style:text-properties fo:font-weight="bold"/>')
    body = '<text:p text:style-name="P1">Client</text:p>' + tp("Yes.")
    assert said(read(odt(body, style.format("P1", "Name", ""), common))) == [("Client", "Yes.")]


def test_hidden_text_is_left_out_and_told(read):
    style = (
        '<style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    session = read(odt(tp("T: Hello.") + tp('<text:span text:style-name="T2">secret</text:span>'), style))
    assert said(session) == [("T", "Hello.")]
    assert "1 paragraph whose words are hidden left out (paragraph 2)" in notes(session)


def cell(content, attributes=""):
    return f"<table:table-cell {attributes}>{tp(content)}</table:table-cell>"


def table(*rows):
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"


def test_a_table_is_read_and_a_row_across_it_told(read):
    across = cell("Second part", 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>"
    session = read(odt(table(cell("T") + cell("Hello."), across, cell("C") + cell("Yes."))))
    assert said(session) == [("T", "Hello."), ("C", "Yes.")]
    assert notes(session) == ["1 paragraph across columns of a table left out (paragraph 3)"]


def test_headings_of_a_table_are_left_out(read):
    rows = f"<table:table-row>{cell('Sprecher')}{cell('Gesagt')}</table:table-row>"
    body = f"<table:table><table:table-header-rows>{rows}</table:table-header-rows>"
    body += f"<table:table-row>{cell('T')}{cell('Hello.')}</table:table-row></table:table>"
    assert said(read(odt(body))) == [("T", "Hello.")]


def test_repeated_cells_cost_nothing(read):
    many = '<table:table-cell table:number-columns-repeated="999999999"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{many}</table:table-row>'
    body = f"<table:table><table:table-row>{cell('T')}{cell('Hello.')}{many}</table:table-row>{row}</table:table>"
    assert said(read(odt(body))) == [("T", "Hello.")]


def test_lists_and_sections_are_read(read):
    body = f"<text:section><text:list><text:list-item>{tp('T: Hello.')}</text:list-item></text:list></text:section>"
    assert said(read(odt(body))) == [("T", "Hello.")]


SPREADSHEET = '<o:document-content xmlns:o="o"><o:body><o:spreadsheet/></o:body></o:document-content>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (odt(tp("T: Hello."), manifest="<m:encryption-data/>"), "protected by a password"),
        (
            packed({"mimetype": "application/vnd.oasis.opendocument.text", "encrypted-package": "x"}),
            "protected by a password",
        ),
        (packed({"mimetype": "x", "content.xml": SPREADSHEET}), "no text; export the transcript"),
        (packed({"mimetype": "x"}), "content.xml is missing"),
        (packed({"content.xml": "<!DOCTYPE a [<!ENTITY a 'b'>]><a>&a;</a>"}), "declares a document type"),
        (odt("<text:span>" * 300 + "</text:span>" * 300), "nested more than"),
        (odt(tp("Hello.")), "no speakers found"),
        (b"T: Hello.", "no .odt file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(read, data, reason):
    with pytest.raises(TranscriptError) as caught:
        read(data)
    assert reason in caught.value.reason


def test_macros_are_told(read):
    import io
    import zipfile

    stream = io.BytesIO(odt(tp("T: Hello.")))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("Basic/script-lc.xml", "x")
    assert notes(read(stream.getvalue())) == ["holds macros, which were neither run nor read"]
