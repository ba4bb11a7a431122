"""What the REFI-QDA standard asks of the elements that we write.

Written down from the published project schema, version 1.0 of March 2019 (REFI, www.qdasoftware.org, MIT licence).
"""

import re

NS = "{urn:QDA-XML:project:1.0}"
GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
INTEGER = r"-?\d+"
TEXT = r"(?s).*"
COLOUR = r"#[0-9a-fA-F]{6}"

MADE = {"creatingUser": GUID, "creationDateTime": TIME}
ATTRIBUTES = {  # required, optional
    "Project": ({"name": TEXT}, {"origin": TEXT, "creatingUserGUID": GUID, "creationDateTime": TIME}),
    "User": ({"guid": GUID}, {"name": TEXT, "id": TEXT}),
    "Code": ({"guid": GUID, "name": TEXT, "isCodable": "true|false"}, {"color": COLOUR}),
    "TextSource": ({"guid": GUID}, {"name": TEXT, "plainTextPath": TEXT, "richTextPath": TEXT, **MADE}),
    "PlainTextSelection": ({"guid": GUID, "startPosition": INTEGER, "endPosition": INTEGER}, {"name": TEXT, **MADE}),
    "Coding": ({"guid": GUID}, MADE),
    "CodeRef": ({"targetGUID": GUID}, {}),
}
CHILDREN = {  # in this order: one (1), at most one (?), at least one (+), any number (*)
    "Project": (("Users", "?"), ("CodeBook", "?"), ("Sources", "?"), ("Description", "?")),
    "Users": (("User", "+"),),
    "CodeBook": (("Codes", "1"),),
    "Codes": (("Code", "+"),),
    "Code": (("Description", "?"), ("Code", "*")),
    "Sources": (("TextSource", "+"),),
    "TextSource": (("Description", "?"), ("PlainTextSelection", "*"), ("Coding", "*")),
    "PlainTextSelection": (("Description", "?"), ("Coding", "*")),
    "Coding": (("CodeRef", "1"),),
}


def breaches(root):
    """What of a project the standard does not allow."""
    found = []
    if root.tag != f"{NS}Project":
        return [f"the root is {root.tag}"]
    for element in root.iter():
        name = element.tag.removeprefix(NS)
        required, optional = ATTRIBUTES.get(name, ({}, {}))
        given = {key: value for key, value in element.attrib.items() if not key.startswith("{")}
        found += [f"{name}: no {key}" for key in required if key not in given]
        for key, value in given.items():
            pattern = {**required, **optional}.get(key)
            if pattern is None or not re.fullmatch(pattern, value):
                found.append(f"{name}: {key}={value!r}")
        in_order = "".join(f"<{child.tag.removeprefix(NS)}>" for child in element)
        allowed = "".join(f"(<{child}>){'' if times == '1' else times}" for child, times in CHILDREN.get(name, ()))
        if not re.fullmatch(allowed, in_order):
            found.append(f"{name}: holds {in_order}")
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    found += [f"the guid {guid} is there twice" for guid in {guid for guid in guids if guids.count(guid) > 1}]
    codes = {code.get("guid") for code in root.iter(f"{NS}Code")}
    found += [
        "a coding without a code" for ref in root.iter(f"{NS}CodeRef") if ref.get("targetGUID") not in codes
    ]  # fmt: skip
    return found
