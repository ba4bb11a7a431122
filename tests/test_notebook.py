"""Tables of the terminal as HTML."""

from html.parser import HTMLParser

from rich.table import Table

from alliance_nlp.reports.notebook import in_notebook


class Tags(HTMLParser):
    """Opened and closed tags, and the text."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], set(), ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def shown(print_to, notes=()):
    page = Tags()
    page.feed(in_notebook(print_to, notes))
    assert not page.open
    return page


def test_a_table_is_shown_and_nothing_in_it_is_run():
    def print_to(out):
        table = Table("marker", "κ")
        table.add_row("<script>alert(1)</script>", ".50")
        out.print(table)

    page = shown(print_to, ["<b>mind</b> this"])
    assert "<script>alert(1)</script>" in page.text
    assert ".50" in page.text
    assert "Note: <b>mind</b> this" in page.text
    assert page.seen <= {"pre", "span", "p"}


def test_wide_tables_scroll_and_colours_are_the_notebooks():
    page = in_notebook(lambda out: out.print("plain"))
    assert "overflow-x: auto" in page
    assert "background" not in page
    assert not shown(lambda out: out.print("x" * 140)).text.strip().count("\n")
