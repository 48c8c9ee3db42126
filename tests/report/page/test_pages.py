"""The report of scenarios: its figures are those of `run --json`, and nothing that a scenario is called does harm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import northabout
from sim.claims.touching import touched
from sim.plot.page.pictures import scenario_pictures
from sim.report.comparison import comparison_dict
from sim.report.page.figures import LINES, at
from sim.report.page.inputs import scenario_yaml
from sim.report.page.scenario import one_page, scenario_part
from sim.report.page.sections import Cell, Image, Page, Part, Section, Source, Table, Words
from sim.report.page.several import MEASURES, several_page, side_by_side
from sim.report.page.write.html import page_html
from sim.report.page.write.markdown import escaped, page_images, page_markdown, table_lines
from sim.scenario.compare import Comparison
from sim.scenario.library import shipped
from sim.scenario.load import load_scenario, scenario_of
from sim.scenario.yaml_text import parse_document

MARKUP = '<b onclick="x()">cape</b> | `של` $x$ </style></script>'
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "nav", "ul", "li", "a", "article", "section", "h1",
    "h2", "h3", "h4", "p", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "data", "span", "figure",
    "img", "pre", "code",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "dir", "href", "class", "id", "tabindex", "scope", "value",
    "src", "alt",
}  # fmt: skip
HOSTILE = {
    "format": 1, "name": f"may {MARKUP}", "description": "مرحبا <img src=http://x.example onerror=alert(1)>",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2035-05-15"},
    "vessel": {"type": "cont_3600_1a", "name": "A" * 200},
    "alternatives": [{"route": "suez"}, {"route": "cape", "name": MARKUP}, {"route": "nsr"}],
    "ice": {"year": 2035, "pathway": "SSP2-4.5"},
    "costs": {"cargo_value_usd": 100_000_000},
}  # fmt: skip
OPEN = HOSTILE | {"name": "september", "voyage": {"from": "Yokohama", "to": "Rotterdam", "depart": "2035-10-25"}}


# where the rows of the table stand in the JSON, written down once more: the code's own list is what is tested
PLACES = {
    "Distance, nm": ("distance_nm",), "Miles sailed, nm": ("sailed_nm",), "Days from port to port": ("days",),
    "of these waiting": ("wait_days",), "Departs": ("depart",), "Arrives": ("arrive",), "Fuel, t": ("fuel_t",),
    "CO2, t": ("co2_t",), "Cost, USD": ("cost_usd",), "Miles in ice, nm": ("ice", "ice_nm"),
    "Days lost to ice": ("ice", "ice_delay_days"), "Miles with icebreaker, nm": ("ice", "escort_nm"),
    "Lowest RIO": ("ice", "lowest_rio"), "Probability of being beset": ("ice", "beset_probability"),
    "Expected days beset": ("ice", "beset_days"), "Miles on the NSR, nm": ("ice", "nsr_nm"),
    "Days on the NSR": ("ice", "nsr_days"), "Against the baseline: nm": ("vs_baseline", "distance_nm"),
    "Against the baseline: days": ("vs_baseline", "days"), "Against the baseline: fuel, t": ("vs_baseline", "fuel_t"),
    "Against the baseline: CO2, t": ("vs_baseline", "co2_t"), "Against the baseline: USD": ("vs_baseline", "cost_usd"),
}  # fmt: skip


class Reader(HTMLParser):
    """A page taken apart: tags, attributes, and the tables with the values of their cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[list[tuple[str, str | None]]]] = []
        self.text: list[str] = []
        self._cell: list[str] | None = None
        self._value: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell, self._value = [], None
        elif tag == "data":
            self._value = dict(attrs)["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][-1].append(("".join(self._cell), self._value))
            self._cell = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._cell is not None:
            self._cell.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def part_of(comparison: Comparison) -> Part:
    ends = comparison.origin.name, comparison.destination.name
    touches = touched(comparison.scenario, *ends)
    return scenario_part(comparison, scenario_pictures(comparison, "x"), touches)


@pytest.fixture(scope="module")
def hostile() -> Comparison:
    return northabout.run(HOSTILE)


@pytest.fixture(scope="module")
def autumn() -> Comparison:
    return northabout.run(OPEN)


@pytest.fixture(scope="module")
def part(hostile: Comparison) -> Part:
    return part_of(hostile)


@pytest.fixture(scope="module")
def html(part: Part) -> str:
    return page_html(one_page(part))


def shown(tables: list[list[list[tuple[str, str | None]]]], name: str) -> dict[str, tuple[str, str | None]]:
    """The cells of the row of a name by alternative, of the tables of alternatives."""
    out = {}
    for table in tables:
        if table[1][0][0] == "Result":
            labels = [text for text, _ in table[0][1:]]
            for row in table[1:]:
                if row[0][0] == name:
                    out |= dict(zip(labels, row[1:], strict=True))
    return out


@pytest.mark.parametrize("which", ["hostile", "autumn"])
def test_every_figure_of_the_page_is_that_of_the_json(which: str, request: pytest.FixtureRequest) -> None:
    comparison: Comparison = request.getfixturevalue(which)
    tables = read(page_html(one_page(scenario_part(comparison, {}, ())))).tables
    assert [line.name for line in LINES] == list(PLACES)
    seen = 0
    for line in LINES:
        cells = shown(tables, line.name)
        for document in comparison_dict(comparison)["alternatives"]:
            value = at(document, PLACES[line.name])
            text, carried = cells.get(document["route"], ("-", None))
            if value is None or not cells:
                assert (text, carried) == ("-", None)
                continue
            seen += 1
            assert carried == str(value)
            if line.digits is not None:
                plain = float(re.sub(r"[^0-9.+-]", "", text))
                assert abs(plain - value) <= 0.5 * 10.0**-line.digits + 1e-9
    assert seen > 12 * sum(o.feasible for o in comparison.outcomes) - 4


def test_the_ledgers_of_the_page_are_those_of_the_json(hostile: Comparison, html: str) -> None:
    tables = read(html).tables
    costed = [d for d in comparison_dict(hostile)["alternatives"] if "ledger" in d]
    ledger = next(t for t in tables if t[0][0][0] == "USD")
    for k, document in enumerate(costed, 1):
        names = {row[0][0].removesuffix(" *"): row[k] for row in ledger[1:]}
        for line in document["ledger"]["lines"]:
            if line["missing"]:
                assert names[line["what"]][0] == "missing"
            elif line["usd"]:
                same = [x["usd"] for x in document["ledger"]["lines"] if x["what"] == line["what"]]
                assert float(names[line["what"]][1] or "nan") == pytest.approx(sum(same), abs=0.005)
        assert float(names["Total, USD"][1] or "nan") == document["cost_usd"]
    sources = [t for t in tables if t[0][0][0] == "line"]
    assert len(sources) == len(costed)
    for table, document in zip(sources, costed, strict=True):
        assert [row[0][0] for row in table[1:]] == [line["what"] for line in document["ledger"]["lines"]]
        assert all(row[3][0] for row in table[1:])  # a source on every line


def test_side_by_side_has_every_figure_of_every_scenario(hostile: Comparison, autumn: Comparison) -> None:
    tables = {t.caption: t for t in side_by_side([hostile, autumn])}
    for measure in MEASURES:
        for k, comparison in enumerate((hostile, autumn), 1):
            for d in comparison_dict(comparison)["alternatives"]:
                value = at(d, measure.path)
                rows = [r for r in tables[measure.name].rows if r[0].text == d["route"]]
                if value is not None and not (measure.sign and d["route"] == "suez"):
                    assert rows[0][k].value == value
                elif value is None and rows:
                    assert rows[0][k].value is None


def test_a_closed_route_is_told_with_its_cause_and_place(hostile: Comparison, html: str) -> None:
    block = next(o.block for o in hostile.outcomes if o.label == "nsr")
    assert block is not None
    table = next(t for t in read(html).tables if t[0][0][0] == "alternative" and t[0][2][0] == "cause")
    (row,) = table[1:]
    assert row[0][0] == "nsr"
    assert row[2][0].startswith(block.cause.value)
    assert row[4][0] == f"{block.moment:%Y-%m-%d}"
    assert block.reason in row[5][0]


def test_the_page_has_no_tag_that_a_name_brought_and_asks_for_nothing(html: str, part: Part) -> None:
    reader = read(html)
    assert {tag for tag, _ in reader.tags} <= TAGS
    for _, attributes in reader.tags:
        assert set(attributes) <= ATTRIBUTES
        for key in ("src", "href"):
            assert (attributes.get(key) or "#").startswith(("data:image/", "#"))
    assert html.count("<style>") == html.count("</style>") == 1
    assert "url(" not in html
    assert "@import" not in html
    text = "".join(reader.text)
    assert MARKUP in text
    assert part.description in text
    assert "default-src 'none'" in html
    anchors = {a["id"] for _, a in reader.tags if "id" in a}
    assert {str(a["href"])[1:] for _, a in reader.tags if "href" in a} <= anchors


def test_the_same_comparison_gives_the_same_bytes(hostile: Comparison, part: Part) -> None:
    first, second = (page_html(one_page(scenario_part(hostile, {}, ()))) for _ in range(2))
    assert first == second
    assert set(page_images(one_page(part))) == {"x-map.png", "x-profile.svg", "x-costs.svg"}


def test_markdown_names_its_pictures_and_its_tables_parse(part: Part) -> None:
    page = one_page(part)
    text = page_markdown(page)
    for name in page_images(page):
        assert f"]({name})" in text
    tables = [b for s in part.sections for b in s.blocks if isinstance(b, Table)]
    found = parsed(text.split("```")[0] + text.split("```")[2])
    assert [[list(t.header)] + [[c.text for c in row] for row in t.rows] for t in tables] == found


def parsed(text: str) -> list[list[list[str]]]:
    """The tables of a Markdown text, unescaped."""
    out: list[list[list[str]]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        if not inside:
            out.append([])
            inside = True
        cells = re.split(r"(?<!\\)(?:\\\\)*\|", line)[1:-1]
        if not set("".join(cells)) <= set("-:"):
            out[-1].append([re.sub(r"\\(.)", r"\1", c.strip()) for c in cells])
    return out


SIGNS = st.sampled_from([*"<>&\"'/|\\`*_[]()#!=-$ \n", "<b>", "</td>", "&amp;", "<!--", "a", "1."])
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.lists(SIGNS, max_size=20).map("".join)
)


@given(TEXTS)
def test_any_text_stays_text_in_html(text: str) -> None:
    page = made(text)
    reader = read(page_html(page))
    assert sorted(t for t, _ in reader.tags if t != "span") == made_tags("a" if text else "")
    plain = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
    assert plain in "".join(reader.text)


@given(TEXTS)
def test_any_text_stays_one_cell_in_markdown(text: str) -> None:
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    header, rule, row = table_lines(["a", "b"], [[text, text]])
    assert parsed("\n".join([header, rule, row, ""]))[0][1] == [flat, flat] or set(escaped(text)) <= set("-: ")


def test_ten_thousand_letters_and_right_to_left_are_written_whole() -> None:
    for text in ("x" * 10_000, "ש" * 10_000, "<i>" * 3_000):
        html = page_html(made(text))
        assert text in "".join(read(html).text)
        assert 'class="long"' in html  # may be broken anywhere, so that no column is wider than a page
        assert parsed(page_markdown(made(text)))[0][1][0] == text


def made_tags(text: str) -> list[str]:
    """The tags of such a page; long words bring spans besides."""
    return sorted(tag for tag, _ in read(page_html(made(text))).tags)


def made(text: str) -> Page:
    blocks = (Table((text, "b"), ((Cell(text), Cell(text, 1.5)),), (1,), text, (text,)), Words((text,)), Source(text))
    return Page(text, (Part(text, text, text, (text,), (Section("key", text, blocks),)),))


def test_a_fence_in_markdown_is_longer_than_any_in_its_text() -> None:
    page = Page("a", (Part("a", "b", "", (), (Section("k", "t", (Source("x\n````\ny"),)),)),))
    assert "`````yaml\nx\n````\ny\n`````" in page_markdown(page)


@pytest.mark.parametrize("one", shipped(), ids=lambda s: s.name)
def test_the_scenario_on_the_page_is_the_scenario(one: Any) -> None:
    scenario = load_scenario(one.path)
    data = parse_document(scenario_yaml(scenario), "page").data
    assert isinstance(data, Mapping)
    assert scenario_of(data, one.path.parent) == scenario


def test_several_parts_are_one_page_with_the_table_first(part: Part, hostile: Comparison, autumn: Comparison) -> None:
    page = several_page([part, part], [hostile, autumn])
    html = page_html(page)
    assert html.index("Alternatives by scenario") < html.index('<article id="p1">') < html.index('<article id="p2">')
    assert len(re.findall(r' id="', html)) == len(set(re.findall(r' id="([^"]*)"', html)))
    assert several_page([part], [hostile]).first == ()


def test_an_image_knows_its_media_type() -> None:
    assert [Image(n, "", "", b"").media for n in ("a.b.svg", "a.png")] == ["image/svg+xml", "image/png"]
