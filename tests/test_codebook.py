"""The shipped codebook, and what is said of a codebook with a mistake."""

import pytest

from alliance_nlp.codebook import codebook_gaps, codebook_mistakes, parse_codebook, read_codebook
from alliance_nlp.errors import CodebookError

HEAD = 'name = "warmth"\nversion = "1.0"\n'
MARKER = '[[marker]]\nname = "warm"\nrole = "therapist"\ndefinition = "Voices liking."\n'


def message(source):
    with pytest.raises(CodebookError) as raised:
        parse_codebook(source, "mine.toml")
    return str(raised.value)


def test_shipped_codebook_has_the_five_markers_in_order():
    names = read_codebook().marker_names
    assert names == ("empathy", "validation", "self_disclosure", "rupture", "repair")


def test_shipped_rupture_is_coded_on_the_client_and_all_else_on_the_therapist():
    roles = {marker.name: marker.role for marker in read_codebook().markers}
    assert roles.pop("rupture") == "client"
    assert set(roles.values()) == {"therapist"}


def test_shipped_rupture_comes_in_withdrawal_and_confrontation():
    rupture = read_codebook().markers[3]
    assert [kind.name for kind in rupture.kinds] == ["withdrawal", "confrontation"]


def test_every_shipped_marker_has_rules_examples_and_sources():
    for marker in read_codebook().markers:
        assert all((marker.definition, marker.codes, marker.does_not_code, marker.rulings)), marker.name
        assert all((marker.examples, marker.near_misses, marker.sources)), marker.name


def test_a_small_codebook_is_read():
    codebook = parse_codebook(f'{HEAD}title = "Warmth"\n{MARKER}codes = ["a kind word"]\n')
    assert (codebook.name, codebook.version, codebook.title) == ("warmth", "1.0", "Warmth")
    assert codebook.markers[0].codes == ("a kind word",)


def test_titles_are_the_names_where_none_are_given():
    codebook = parse_codebook(HEAD + MARKER)
    assert (codebook.title, codebook.markers[0].title) == ("warmth", "warm")


def test_bad_toml_is_named_with_its_line():
    text = message(HEAD + "[[marker\n")
    assert text.startswith("mine.toml: not valid TOML")
    assert "line 3" in text


@pytest.mark.parametrize(
    "line", ["definition = “Voices liking.”", 'definition = "Voices liking.”', "title = ‘Warm’", "codes = [“a”, “b”]",
             "codes = [\n“a”,\n]", "name = „warm“"],
)  # fmt: skip
def test_curly_quotes_of_a_word_processor_are_told_to_be_plain(line):
    text = message(HEAD + MARKER.replace('definition = "Voices liking."', line))
    assert text.startswith("mine.toml: not valid TOML")
    assert text.endswith('); write plain quotes (") instead of curly ones')


@pytest.mark.parametrize("line", ['codes = ["a “kind” word" "b"]', "codes = [a]", "codes = ["])
def test_curly_quotes_within_a_text_are_not_to_blame(line):
    assert "curly" not in message(HEAD + MARKER + line + "\n")


@pytest.mark.parametrize("source", [HEAD, HEAD + "marker = []\n", HEAD + 'marker = "warm"\n'])
def test_a_codebook_without_marker_is_told_what_it_needs(source):
    assert message(source) == "mine.toml: no [[marker]] found; a codebook needs at least one, or a [[set]]"


@pytest.mark.parametrize("key", ["name", "version"])
def test_a_codebook_without_name_or_version_is_told_to_add_it(key):
    head = "".join(line for line in HEAD.splitlines(keepends=True) if not line.startswith(key))
    assert message(head + MARKER) == f'mine.toml: {key} is missing; add {key} = "…"'


@pytest.mark.parametrize("key", ["role", "definition"])
def test_a_marker_without_role_or_definition_is_told_to_add_it(key):
    marker = "".join(line for line in MARKER.splitlines(keepends=True) if not line.startswith(key))
    assert message(HEAD + marker) == f'mine.toml, line 3, marker 1 (warm): {key} is missing; add {key} = "…"'


@pytest.mark.parametrize(
    ("value", "shown"), [("1.0", "1.0"), ("1.10", "1.10"), ("2", "2"), ("2026-05-01", "2026-05-01"), ("true", "…"),
                         ('["1.0"]', "…")],
)  # fmt: skip
def test_a_text_that_is_none_is_told_to_stand_in_quotes(value, shown):
    for key, of_head in (("version", '"1.0"'), ("definition", '"Voices liking."')):
        text = message((HEAD + MARKER).replace(f"{key} = {of_head}", f"{key} = {value}"))
        assert text.endswith(f': {key} must be a text and stand in quotes: {key} = "{shown}"')


def test_a_marker_without_name_is_told_to_add_it():
    assert (
        message(HEAD + MARKER.replace('"warm"', '" "'))
        == 'mine.toml, line 3, marker 1: name is missing; add name = "…"'
    )


def test_a_role_that_is_none_is_named_with_those_that_are():
    text = message(HEAD + MARKER.replace("therapist", "doctor"))
    assert text == "mine.toml, line 3, marker 1 (warm): the role is 'doctor'; it must be therapist, client or other"


@pytest.mark.parametrize("name", ["Warm", "1st", "self-disclosure", "wärme", "a b", "_warm"])
def test_a_name_that_cannot_be_a_column_is_refused(name):
    text = message(HEAD + MARKER.replace('"warm"', f'"{name}"'))
    assert text.startswith(f"mine.toml, line 3, marker 1 ({name}): a name holds small letters, digits and _")


@pytest.mark.parametrize("name", ["text", "speaker_role", "client_id", "start"])
def test_a_name_that_is_already_a_column_of_the_tables_is_refused(name):
    assert name in message(HEAD + MARKER.replace('"warm"', f'"{name}"'))


def test_two_markers_of_one_name_are_refused():
    assert message(HEAD + MARKER + MARKER) == "mine.toml: the marker 'warm' is there twice; rename one"


def test_the_second_marker_is_named_as_the_place():
    assert message(HEAD + MARKER + MARKER.replace('"warm"', '"Cold"')).startswith(
        "mine.toml, line 7, marker 2 (Cold): "
    )


def test_an_unknown_key_is_named_with_those_that_are_known():
    text = message(HEAD + MARKER + 'exmaples = ["a kind word"]\n')
    assert text.startswith("mine.toml, line 3, marker 1 (warm): unknown key 'exmaples'; known are codes,")
    assert "examples" in text


@pytest.mark.parametrize("key", ["codes", "does_not_code", "rulings", "examples", "near_misses", "sources"])
@pytest.mark.parametrize("value", ['"a kind word"', "[1]"])
def test_a_list_that_is_none_is_refused(key, value):
    text = message(HEAD + MARKER + f"{key} = {value}\n")
    assert text == f'mine.toml, line 3, marker 1 (warm): {key} must be a list of texts, ["…", "…"]'


@pytest.mark.parametrize("kind", ['kind = "open"', 'kind = ["open"]', '[marker.kind]\nname = "open"'])
def test_kinds_that_are_no_tables_are_refused(kind):
    assert message(HEAD + MARKER + kind).startswith("mine.toml, line 3, marker 1 (warm)")


def test_markers_that_are_no_tables_are_refused():
    assert message(HEAD + 'marker = ["warm"]\n').startswith("mine.toml, marker 1")


def test_a_kind_without_definition_is_told_to_add_it():
    text = message(HEAD + MARKER + '[[marker.kind]]\nname = "open"\n')
    assert text == 'mine.toml, line 3, marker 1 (warm), kind: definition is missing; add definition = "…"'


def test_a_codebook_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CodebookError, match=r"nowhere\.toml: cannot be read"):
        read_codebook(tmp_path / "nowhere.toml")


def test_a_codebook_that_is_not_utf8_is_told_to_be(tmp_path):
    (tmp_path / "mine.toml").write_bytes(HEAD.replace("warmth", "wärme").encode("cp1252"))
    with pytest.raises(CodebookError, match=r"mine\.toml: not UTF-8 text; save the codebook as UTF-8"):
        read_codebook(tmp_path / "mine.toml")


@pytest.mark.parametrize("begins", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1", b"%PDF-1.7\n"])
def test_a_workbook_is_told_to_be_no_codebook(tmp_path, begins):
    (tmp_path / "ana.xlsx").write_bytes(begins + b"\xff")
    with pytest.raises(CodebookError, match=r"ana\.xlsx: no codebook, .*; begin .* codebook init mine\.toml"):
        read_codebook(tmp_path / "ana.xlsx")


def test_every_mistake_is_told_at_once():
    mistakes = codebook_mistakes(
        'name = "warmth"\n' + MARKER.replace("therapist", "doctor") + MARKER + MARKER, "mine.toml"
    )
    assert [mistake.split(": ")[0] for mistake in mistakes] == [
        "mine.toml", "mine.toml, line 2, marker 1 (warm)", "mine.toml",
    ]  # fmt: skip
    assert "version is missing" in mistakes[0]
    assert "twice" in mistakes[2]


def test_every_mistake_of_the_head_and_of_one_marker_is_told():
    marker = MARKER.replace('"warm"', '"Warm"').replace("therapist", "patient").replace('"Voices liking."', '""')
    head = 'vresion = "1.0"\nauthor = "me"\n'
    mistakes = codebook_mistakes(head + marker + 'codes = "one"\nrulnigs = []\n', "mine.toml")
    place = "mine.toml, line 3, marker 1 (Warm)"
    for mistake, (where, said) in zip(
        mistakes,
        [
            ("mine.toml", "unknown keys 'author', 'vresion'; known are marker, name,"),
            ("mine.toml", "name is missing"),
            ("mine.toml", "version is missing"),
            (place, "a name holds small letters"),
            (place, "the role is 'patient'; it must be therapist, client or other"),
            (place, "unknown key 'rulnigs'; known are"),
            (place, "codes must be a list of texts"),
            (place, "definition is missing"),
        ],
        strict=True,
    ):
        assert mistake.startswith(f"{where}: {said}")


def test_what_a_coder_would_miss_is_told():
    codebook = parse_codebook(
        HEAD + 'unit = "The utterance."\n' + MARKER + 'codes = ["a kind word"]\nexamples = ["Hello."]\n'
    )
    assert codebook_gaps(codebook) == [
        f'warm: no {key.replace("_", " ")}; add {key} = ["…"]'
        for key in ("does_not_code", "rulings", "near_misses", "sources")
    ]


def test_a_line_that_is_example_and_near_miss_is_a_gap():
    lines = 'examples = ["Hello."]\nnear_misses = ["Hello."]\n'
    assert "warm: the same line is an example and a near miss; keep one" in codebook_gaps(
        parse_codebook(HEAD + MARKER + lines)
    )


def test_the_shipped_codebook_has_neither_mistakes_nor_gaps():
    codebook = read_codebook()
    assert codebook_mistakes(codebook.source) == codebook_gaps(codebook) == []


SET = (
    '[[set]]\nname = "act"\nrole = "therapist"\ndefinition = "What it does."\n'
    '[[set.code]]\nname = "asks"\ndefinition = "Asks."\nalso = ["Q", "1"]\n'
    '[[set.code]]\nname = "says"\ndefinition = "Says."\n'
)


def test_a_set_stands_behind_the_markers_with_its_codes():
    codebook = parse_codebook(HEAD + SET + MARKER)
    assert codebook.marker_names == ("warm", "asks", "says")
    assert codebook.variable_names == ("warm", "act")
    (code_set,) = codebook.sets
    assert (code_set.code_names, code_set.ordered, code_set.lowest) == (("asks", "says"), False, 1)
    assert codebook.columns_of(code_set) == slice(1, 3)
    assert {marker.role for marker in code_set.codes} == {"therapist"}


def test_a_codebook_of_sets_alone_is_read():
    codebook = parse_codebook(HEAD + SET.replace('"therapist"\n', '"client"\nordered = true\nlowest = 0\n'))
    assert (codebook.independent, codebook.sets[0].ordered, codebook.sets[0].lowest) == ((), True, 0)


@pytest.mark.parametrize(
    ("cell", "place"), [("asks", 0), (" Says ", 1), ("q", 0), ("1", 0), ("1.0", 0), ("ASKS", 0), ("ask", None)]
)
def test_a_cell_names_a_code_however_it_is_written(cell, place):
    assert parse_codebook(HEAD + SET).sets[0].code_of(cell) == place


def test_some_of_a_codebook_keeps_a_set_whole_or_not_at_all():
    codebook = parse_codebook(HEAD + MARKER + SET)
    assert codebook.only(["warm", "asks"]).variable_names == ("warm",)
    assert codebook.only(["asks", "says"]).variable_names == ("act",)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('[[set.code]]\nname = "says"\ndefinition = "Says."\n', "",
         "line 3, set 1 (act): has one code, and one must be chosen from at least two; add another [[set.code]]"),
        ('"says"', '"asks"', "the name 'asks' is there in the set act twice, and each is a column; rename one"),
        ('"says"', '"act"', "the name 'act' is there as a set and in the set act, and each is a column; rename one"),
        ('"says"', '"Says it"', "line 11, code 2 (Says it): a name holds small letters, digits and _ and begins with a "
         'letter; what your tables hold instead goes into also = ["…"]'),
        ('"says"', '"text"', "line 11, code 2 (text): 'text' is or may be a column of the tables already"),
        ('"says"', '"coder"', "line 11, code 2 (coder): 'coder' is or may be a column of the tables already"),
        ('"act"', '"p_act"', "line 3, set 1 (p_act): 'p_act' is or may be a column of the tables already"),
        ('"Says."', '"Says."\nrole = "client"', "line 11, code 2 (says): a code has the role of its set; delete role"),
        ('"Says."', '"Says."\nalso = ["q"]', "set 1 (act): 'Q' stands for asks, and 'q' for says; keep one of them"),
        ('"Says."', '"Says."\nalso = ["Asks"]', "set 1 (act): 'asks' stands for asks, and 'Asks' for says; keep"),
        ('"Says."', '"Says."\nalso = [" "]', "set 1 (act): an empty text in also of says; an empty cell is not coded"),
        ('"What it does."', '"What."\nordered = "true"', "ordered must be true or false, without quotation marks"),
        ('"What it does."', '"What."\nlowest = 0', "lowest is for levels; add ordered = true, or delete lowest"),
        ('"What it does."', '"What."\nordered = true\nlowest = "0"', "lowest must be a whole number"),
        ('role = "therapist"\n', "", 'line 3, set 1 (act): role is missing; add role = "…"'),
        ("[[set]]\n", "[set]\n", "[[set.code]] without a [[set]] above it; begin the set with [[set]]"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_set_is_named_with_its_place_and_remedy(old, new, told):
    mistakes = codebook_mistakes(HEAD + SET.replace(old, new, 1), "mine.toml")
    assert any(told in mistake for mistake in mistakes), mistakes
    assert all(mistake.startswith("mine.toml") for mistake in mistakes)


def test_a_name_of_a_marker_and_of_a_code_is_told():
    assert "the name 'warm' is there as a marker and in the set act" in message(
        HEAD + MARKER + SET.replace('"says"', '"warm"')
    )


def test_every_mistake_of_a_set_and_its_codes_is_listed():
    broken = SET.replace('"Asks."', '" "').replace('"Says."', '""').replace('"therapist"', '"patient"\ntitel = "Act"')
    broken = broken.replace('name = "says"', 'name = "Says"\nrole = "client"')
    place, of_asks, of_says = "line 3, set 1 (act)", "line 8, code 1 (asks)", "line 12, code 2 (Says)"
    said = [mistake.split("; ")[0] for mistake in codebook_mistakes(HEAD + broken, "mine.toml")]
    assert said == [
        f"mine.toml, {place}: unknown key 'titel'",
        f"mine.toml, {place}: the role is 'patient'",
        f"mine.toml, {of_asks}: definition is missing",
        f"mine.toml, {of_says}: a name holds small letters, digits and _ and begins with a letter",
        f"mine.toml, {of_says}: a code has the role of its set",
        f"mine.toml, {of_says}: definition is missing",
    ]
