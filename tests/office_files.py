"""Office files as several programs write them, made from XML: what no library writes is in them too.

``python tests/office_files.py`` writes the samples in ``tests/data/readers/`` anew. Those named after LibreOffice are
its own: ``word.docx`` and ``excel.xlsx`` opened and saved by it.
"""

import io
import zipfile
from pathlib import Path

SAMPLES = Path(__file__).parent / "data" / "readers"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(files):
    """A zip archive of texts by name, the same bytes each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 9, 0, 0)), content, stored)
    return stream.getvalue()


def relations(**targets):
    """Relations of a part: id=(kind, target)."""
    items = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'{DECLARED}<Relationships xmlns="{RELATIONS}">{items}</Relationships>'


def content_types(overrides):
    """What each part of a package is."""
    return (
        f'{DECLARED}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def docx(body, place="word/document.xml", namespace=W, **parts):
    """A Word document with a body and further parts, such as ``comments="<w:comment …>"``."""
    root = {"comments": "comments", "footnotes": "footnotes", "header1": "hdr", "footer1": "ftr", "styles": "styles"}
    folder, _, main = place.rpartition("/")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = f'<Override PartName="/{place}" ContentType="{kind}.document.main+xml"/>' + "".join(
        f'<Override PartName="/{folder}/{name}.xml" ContentType="{kind}.{name.rstrip("1")}+xml"/>' for name in parts
    )
    targets = {f"rId{number}": (name.rstrip("1"), f"{name}.xml") for number, name in enumerate(parts, 1)}
    edges = "".join(
        f'<w:{name[:6]}Reference w:type="default" r:id="{number}"/>'
        for number, (name, _) in targets.items()
        if name in {"header", "footer"}
    )
    files = {
        "[Content_Types].xml": content_types(types),
        "_rels/.rels": relations(rId1=("officeDocument", place)),
        f"{folder}/_rels/{main}.rels": relations(**targets),
        place: f'{DECLARED}<w:document xmlns:w="{namespace}" {NAMESPACES}><w:body>{body}<w:sectPr>{edges}</w:sectPr>'
        "</w:body></w:document>",
    }
    for name, content in parts.items():
        tag = root[name]
        files[f"{folder}/{name}.xml"] = f'{DECLARED}<w:{tag} xmlns:w="{namespace}" {NAMESPACES}>{content}</w:{tag}>'
    return packed(files)


def p(*content, properties=""):
    """A paragraph of runs and of texts, which become runs."""
    inside = "".join(item if item.startswith("<") else r(item) for item in content)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def r(text, properties=""):
    r"""A run, ``\n`` a line break and ``\t`` a tab in it."""
    parts = "".join(
        {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(part, f'<w:t xml:space="preserve">{part}</w:t>')
        for part in text.replace("\n", "\0\n\0").replace("\t", "\0\t\0").split("\0")
        if part
    )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{parts}</w:r>"


def b(text):
    """A bold run."""
    return r(text, "<w:b/>")


def ins(text):
    """A tracked insertion."""
    return f'<w:ins w:id="1" w:author="A" w:date="2026-01-05T09:00:00Z">{r(text)}</w:ins>'


def deleted(text):
    """A tracked deletion."""
    run = f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r>'
    return f'<w:del w:id="2" w:author="A" w:date="2026-01-05T09:00:00Z">{run}</w:del>'


def table(*rows, properties=""):
    """A table of rows of cells, each a text or the content of a cell."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(tr(*row) for row in rows)}</w:tbl>"


def tr(*cells, properties=""):
    """A row of a table."""
    inside = "".join(cell if cell.startswith("<w:tc>") else tc(cell) for cell in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inside}</w:tr>"


def tc(content, properties=""):
    """A cell of a table."""
    inside = content if content.startswith("<") else p(content) if content else "<w:p/>"
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{inside}</w:tc>"


PICTURE = '<w:r><w:drawing><a:graphic><a:blip r:embed="rId9"/></a:graphic></w:drawing></w:r>'
TEXT_BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent>'
    "</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent>"
    "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
NOTED = '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:commentReference w:id="0"/></w:r>'
LINK = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText> HYPERLINK "https://example.org/secret" </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{0}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
EMOJI = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="w16se">'
    '<w16se:symEx w16se:font="Segoe UI Emoji" w16se:char="1F642"/>'
    "</mc:Choice><mc:Fallback><w:t>🙂</w:t></mc:Fallback></mc:AlternateContent></w:r>"
)
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:basedOn w:val="Normal"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Strong"><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="SpeakerName"><w:basedOn w:val="Strong"/></w:style>'
)


def word():
    """A transcript that people worked on in Word."""
    body = [
        p("Session 4", properties='<w:pStyle w:val="Heading1"/>'),
        p("Date: 5 January 2026"),
        p(b("T:"), " How was the week with the new medication?"),
        p(
            b("C"), '<w:proofErr w:type="spellStart"/>', b(":"), " Long. I wrote it down", deleted(", I think"),
            ins(", as you said"), ", but then\nI lost the note\u00adbook on the train.",
        ),
        p(r("T:", '<w:rStyle w:val="SpeakerName"/>'), "\tBut then? “Lost”, you say – how come?"),
        p("C: It went with the ", LINK.format(r("old rucksack")), " that I had been meaning to mend ", EMOJI),
        p("and that was ", properties='<w:rPr><w:del w:id="3" w:author="A"/></w:rPr>'),
        p("the end of it."),
        p(b("T:"), " That sounds like one loss on top of another.", NOTED,
          TEXT_BOX.format(p("A box in the margin"))),
        p(r("note to self: check the date", "<w:vanish/>")),
        p(b("C:"), " It does", '<w:r><w:noBreakHyphen/><w:t>ish.</w:t><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'),
        p(),
        p(b("T:"), " Shall we look at what the notebook meant to you?"),
    ]  # fmt: skip
    return docx(
        "".join(body),
        styles=STYLES,
        comments=f'<w:comment w:id="0">{p("Is this a rupture?")}</w:comment>',
        footnotes=f'<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="1">{p("A footnote")}</w:footnote>',
        header1=p("Confidential"),
        footer1=p("Page 1"),
    )


def teams():
    """What Teams saves: a picture, a name and a time, a line break and the words in each paragraph."""
    said = [
        ("Ada Marsh", "0:05", "How was the week with the new medication?"),
        ("Ben Okoro", "0:12", "Long. I wrote it down, as you said,"),
        ("Ben Okoro", "0:16", "and then I lost the notebook on the train."),
        ("Ada Marsh", "1:02:03", "That sounds like one loss on top of another."),
    ]
    body = [
        p(b("Weekly session")),
        p("January 5, 2026, 9:00AM"),
        p("1h 2m 30s"),
        p(b("Ada Marsh"), " started transcription"),
    ]
    body += [p(PICTURE, r("\n"), b(name), r(f"   {time}", "<w:color/>"), r(f"\n{text}")) for name, time, text in said]
    return docx("".join([*body, p(b("Ada Marsh"), " stopped transcription")]))


def old_teams():
    """What Teams saved in its first years."""
    said = [
        ("0:0:5.100 --> 0:0:8.250", "Marsh, Ada", "How was the week with the new medication?"),
        ("0:0:8.500 --> 0:0:10.300", "Okoro, Ben", "Long. I lost the notebook on the train."),
    ]
    return docx("".join(p("\n".join(parts)) for parts in said))


def word_transcribe():
    """What Word makes of a recording."""
    said = [
        ("00:00:05 Speaker 1", "How was the week with the new medication?"),
        ("00:00:12 Speaker 2", "Long. I lost the notebook on the train."),
    ]
    body = p(b("Audio file")) + p(LINK.format(r("session.m4a"))) + p(b("Transcript"))
    return docx(body + "".join(p(head) + p(text) for head, text in said), place="word/document2.xml")


def google_docs():
    """A table of three columns, with properties on every run, as Google Docs exports it."""

    def cell(text, bold=0):
        properties = f'<w:b w:val="{bold}"/><w:rtl w:val="0"/>'
        return tc(p(r(text, properties), properties='<w:pageBreakBefore w:val="0"/>') if text else "")

    said = [
        ("00:05", "T", "How was the week with the new medication?"),
        ("00:12", "C", "Long. I lost the notebook on the train."),
        ("", "", "And the umbrella as well, come to think of it."),
        ("00:31", "T", "That sounds like one loss on top of another."),
    ]
    rows = [[cell(name, 1) for name in ("Time", "Speaker", "Transcript")], *[list(map(cell, row)) for row in said]]
    return docx(p(r("Session 4", '<w:b w:val="1"/>')) + table(*rows) + "<w:p/>")


def odt(body, styles="", common="", manifest="", pages=""):
    """An OpenDocument text."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
            ("fo", "xsl-fo-compatible"),
        )
    ) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"{DECLARED}<office:document-content {spaces}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            "styles.xml": f"{DECLARED}<office:document-styles {spaces}><office:styles>{common}</office:styles>"
            f"<office:master-styles>{pages}</office:master-styles></office:document-styles>",
            "META-INF/manifest.xml": f'{DECLARED}<m:manifest xmlns:m="urn:m">{manifest}</m:manifest>',
        }
    )


BOLD_SPAN = (
    '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="{0}"/></style:style>'
)


def google_odt():
    """Every stretch in a span, as Google Docs exports it, and a table."""

    def tp(*spans):
        inside = "".join(f'<text:span text:style-name="T{style}">{text}</text:span>' for style, text in spans)
        return f'<text:p text:style-name="P1">{inside}</text:p>'

    body = (
        tp((2, "Session 4"))
        + tp((1, "Therapist"))
        + tp((2, "How was the week with the new medication?"))
        + tp((1, "Client"))
        + tp((2, "Long.<text:line-break/>I lost the<text:s text:c='2'/>notebook on the train."))
        + tp((1, "Therapist"), (2, ": That sounds like one loss on top of another."))
    )
    return odt(body, BOLD_SPAN.format("700") + BOLD_SPAN.format("normal").replace("T1", "T2"))


def xlsx(sheets, strings=(), styles="", shared="sharedStrings.xml"):
    """A workbook of sheets, each a name, the content of its ``worksheet`` and perhaps a state."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = "".join(
        f'<sheet name="{sheet[0]}" sheetId="{number}" r:id="rId{number}"{sheet[2] if len(sheet) > 2 else ""}/>'
        for number, sheet in enumerate(sheets, 1)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("workbook.xml", "sheet.main"), ("styles.xml", "styles"), (shared, "sharedStrings")]
    parts += [(f"worksheets/sheet{number}.xml", "worksheet") for number, _ in enumerate(sheets, 1)]
    types = "".join(f'<Override PartName="/xl/{name}" ContentType="{kind}.{what}+xml"/>' for name, what in parts)
    targets = {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number, _ in enumerate(sheets, 1)}
    files = {
        "[Content_Types].xml": content_types(types),
        "_rels/.rels": relations(rId1=("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{DECLARED}<workbook xmlns="{main}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            **targets, rId98=("styles", "styles.xml"), rId99=("sharedStrings", shared)
        ),
        "xl/styles.xml": f'{DECLARED}<styleSheet xmlns="{main}">{styles or STYLES_OF_EXCEL}</styleSheet>',
        f"xl/{shared}": f'{DECLARED}<sst xmlns="{main}">{"".join(f"<si>{item}</si>" for item in strings)}</sst>',
    }
    for number, sheet in enumerate(sheets, 1):
        files[f"xl/worksheets/sheet{number}.xml"] = f'{DECLARED}<worksheet xmlns="{main}">{sheet[1]}</worksheet>'
    return packed(files)


STYLES_OF_EXCEL = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="000"/><numFmt numFmtId="165" formatCode="[h]:mm:ss"/>'
    "</numFmts>"
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="20"/>'
    '<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="0" quotePrefix="1"/></cellXfs>'
)


def row(number, *cells, **attributes):
    """A row; a cell is a text, a number, None, or XML that begins with ``<c``, where ``@`` stands for its place."""
    inside = []
    for letter, cell in zip("ABCDEFGH", cells, strict=False):
        place = f"{letter}{number}"
        if isinstance(cell, str) and cell.startswith("<c"):
            inside.append(cell.replace("@", place))
        elif isinstance(cell, str):
            inside.append(f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{cell}</t></is></c>')
        elif cell is not None:
            inside.append(f'<c r="{place}"><v>{cell}</v></c>')
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<row r="{number}"{told}>{"".join(inside)}</row>'


def data(*rows, merged=()):
    """The content of a worksheet."""
    ranges = "".join(f'<mergeCell ref="{item}"/>' for item in merged)
    return f"<sheetData>{''.join(rows)}</sheetData>" + (f"<mergeCells>{ranges}</mergeCells>" if ranges else "")


def excel():
    """A workbook with the quirks of Excel: times typed as minutes and seconds, merged cells, a formula and so on."""
    strings = [
        "<t>How was the week with the new medication?</t>",
        '<r><t xml:space="preserve">Long. I lost </t></r><r><rPr><b/></rPr><t>the notebook</t></r>'
        '<rPh sb="0" eb="1"><t>ignored</t></rPh>',
    ]
    rows = [
        row(1, "Transcript of session 4"),
        row(3, "Session_ID", "Start", "Speaker", "Text", "Code"),
        row(4, '<c r="@" s="2"><v>7</v></c>', '<c r="@" s="1"><v>0.003472222222222222</v></c>', "T",
            '<c r="@" t="s"><v>0</v></c>', 1),
        row(5, '<c r="@" s="2"><v>7</v></c>', '<c r="@" s="1"><v>0.05</v></c>', "C", '<c r="@" t="s"><v>1</v></c>'),
        row(6, '<c r="@" s="2"><v>7</v></c>', '<c r="@" s="3"><v>1.0625</v></c>', None,
            '<c r="@" t="str"><f>"On the train, "&amp;"I should say."</f><v>On the train, I should say.</v></c>'),
        row(7, '<c r="@" s="2"><v>7</v></c>', None, "T",
            '<c r="@" s="4" t="inlineStr"><is><t>=one loss on top of another?_x000D_</t></is></c>', hidden=1),
        row(9, None, None, None, None, '<c r="@"><f>SUM(E4:E7)</f></c>'),
    ]  # fmt: skip
    notes = data(row(1, "Coder's notes"))
    return xlsx([("Notes", notes), ("Raw", data(*rows, merged=["A1:E1", "C5:C6"]))], strings)


def google_sheets():
    """A sheet a session and a thousand empty rows, as Google Sheets exports them."""
    empty = "".join(f'<row r="{number}" ht="15.75" customHeight="1"/>' for number in range(4, 1001))
    head = row(1, "speaker", "text")
    first = data(
        head, row(2, "T", "How was the week with the new medication?"), row(3, "C", "Long, to be honest."), empty
    )
    second = data(head, row(2, "T", "And how was the week after that, then?"), row(3, "C", "Shorter, somehow."), empty)
    return xlsx([("S1", first), ("S2", second)])


def other_names():
    """Columns that go by other names."""
    return xlsx([("Sheet1", data(row(1, "Who", "Utterance"), row(2, "T", "Hello there."), row(3, "C", "Yes, hello.")))])


MADE = {
    "docx/word.docx": word,
    "docx/teams.docx": teams,
    "docx/teams-old.docx": old_teams,
    "docx/word-transcribe.docx": word_transcribe,
    "docx/google-docs.docx": google_docs,
    "odt/google-docs.odt": google_odt,
    "xlsx/excel.xlsx": excel,
    "xlsx/google-sheets.xlsx": google_sheets,
    "xlsx/other-names.xlsx": other_names,
}

if __name__ == "__main__":
    for name, make in MADE.items():
        (SAMPLES / name).write_bytes(make())
