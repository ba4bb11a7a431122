"""REFI-QDA projects for the tests, with the quirks of the programs that write them."""

import io
import zipfile

NAMESPACE = "urn:QDA-XML:project:1.0"
USER = "f93ad076-5ca1-4f46-abf4-b4b67130a6e2"


def project(sources, origin="NVivo for Windows 14.23", namespace=NAMESPACE):
    """The XML of a project with these sources."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<Project xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="Sessions" origin="{origin}" '
        f'creatingUserGUID="{USER}" creationDateTime="2026-02-03T10:00:00Z" basePath="" xmlns="{namespace}">\n'
        f'  <Users>\n    <User guid="{USER}" name="LK" />\n  </Users>\n'
        '  <CodeBook>\n    <Codes>\n      <Code guid="3c51efbb-071f-43a7-9f32-228b89668e8d" name="rupture" '
        'isCodable="true" color="#FF0000" />\n    </Codes>\n  </CodeBook>\n'
        f"  <Sources>\n{sources}  </Sources>\n</Project>\n"
    )


def archive(files):
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (2026, 2, 3, 10, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return stream.getvalue()


def text_source(name="Session 1", guid="56a79789-d535-4fb8-bedd-a915504c54ba", inside="", more="", path=None):
    """One text source with its text under ``Sources``."""
    path = f"internal://{guid}.txt" if path is None else path
    where = f' plainTextPath="{path}"' if path else ""
    return f'    <TextSource guid="{guid}" name="{name}"{where}{more}>{inside}</TextSource>\n'


CODED = (
    '\n      <PlainTextSelection guid="fd960901-8191-4db1-a3dd-a91626d56c4b" name="" startPosition="11" '
    'endPosition="28">\n        <Coding guid="aa960901-8191-4db1-a3dd-a91626d56c4b"><CodeRef '
    'targetGUID="3c51efbb-071f-43a7-9f32-228b89668e8d" /></Coding>\n      </PlainTextSelection>\n    '
)


def nvivo():
    """As NVivo does: folder in small letters, mark and carriage returns in the text, Word text beside it."""
    one, two, three = (f"56a79789-d535-4fb8-bedd-a915504c54b{digit}" for digit in "abc")
    sources = (
        text_source("Session 1", one, CODED, f' richTextPath="internal://{one}.docx"')
        + text_source("Session 2", two, more=f' richTextPath="internal://{two}.docx"')
        + text_source("Field notes", three, path="", more=f' richTextPath="internal://{three}.docx"')
        + f'    <PictureSource guid="{three}" name="room.png" path="internal://{three}.png" />\n'
    )
    texts = (
        "Therapist: What was the week like for you?\r\nClient: Long, and I wrote it all down.\r\n\r\n"
        "Therapist: All of it?\r\n",
        "Therapist: Where shall we begin today?\r\nClient: With the thing on Monday, I suppose.\r\n",
    )
    files = {"project.qde": project(sources)}
    for guid, text in zip((one, two), texts, strict=True):
        files[f"sources/{guid}.txt"] = b"\xef\xbb\xbf" + text.encode()
        files[f"sources/{guid}.docx"] = b"PK\x05\x06" + bytes(18)
    files[f"sources/{three}.docx"] = b"PK\x05\x06" + bytes(18)
    return archive(files)


def atlas():
    """As ATLAS.ti does: names with the file's ending, recordings with a transcript and its sync points."""
    sources = text_source("Sitzung 1.docx", "0e1a2d66-1b5f-4d0e-bd3e-000000000001") + (
        '    <AudioSource guid="0e1a2d66-1b5f-4d0e-bd3e-000000000002" name="Sitzung 2.m4a" '
        'path="relative:///Sitzung 2.m4a">\n'
        '      <Transcript guid="0e1a2d66-1b5f-4d0e-bd3e-000000000003" name="Sitzung 2" '
        'plainTextPath="internal://0e1a2d66-1b5f-4d0e-bd3e-000000000003.txt">\n'
        '        <SyncPoint guid="0e1a2d66-1b5f-4d0e-bd3e-000000000004" position="0" timeStamp="500" />\n'
        '        <SyncPoint guid="0e1a2d66-1b5f-4d0e-bd3e-000000000005" position="39" timeStamp="3661250" />\n'
        "      </Transcript>\n    </AudioSource>\n"
        '    <PDFSource guid="0e1a2d66-1b5f-4d0e-bd3e-000000000006" name="Leitfaden.pdf" '
        'path="internal://0e1a2d66-1b5f-4d0e-bd3e-000000000006.pdf" />\n'
    )
    return archive(
        {
            "project.qde": project(sources, "ATLAS.ti 24"),
            "Sources/0e1a2d66-1b5f-4d0e-bd3e-000000000001.txt": "T: Wie war die Woche für Sie?\nP: Lang war sie.\n",
            "Sources/0e1a2d66-1b5f-4d0e-bd3e-000000000003.txt": (
                "T: Und wie war es danach für Sie alle?\nP: Es war stiller als sonst, ehrlich gesagt.\n"
            ),
        }
    )


def maxqda():
    """As MAXQDA does: GUIDs in braces or not, UTF-16 text, time marks in the text."""
    guid = "A2B94468-80A5-412F-92D6-E900D97B55A6"
    source = text_source("Interviews\\Session 7", guid).replace(f'guid="{guid}"', f'guid="{{{guid}}}"')
    text = "I: And what happened then? #00:00:05-2#\r\nB: I left, and nobody noticed it. #00:00:12-8#\r\n"
    return archive(
        {"project.qde": project(source, "MAXQDA 24.4"), f"Sources/{guid.lower()}.txt": text.encode("utf-16")}
    )


def qualcoder():
    """As QualCoder and hand-made projects do: the text inline, and the two kinds of quotes in XML."""
    text = "COUNSELLOR: How is it, being back here?\nCLIENT: Odd &amp; a bit too quiet for me.\n"
    inline = f"<PlainTextContent>{text}</PlainTextContent>"
    return archive(
        {"project.qde": project(text_source("session_9.txt", inside=inline, path=""), "Qualcoder 3.6"), "Sources/": b""}
    )
