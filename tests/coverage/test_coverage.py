"""Objectives, the sections that teach them and the questions that grade them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.console import Console

from lakelab.coverage import Objectives, coverage, objectives_for, render, sections_for
from lakelab.coverage.errors import CoverageError
from lakelab.coverage.headings import headings, slugify
from lakelab.notebooks import from_text, write


def _edit(root: Path, old: str, new: str) -> None:
    path = root / "course" / "objectives.yml"
    text = path.read_text()
    assert old in text, old
    path.write_text(text.replace(old, new, 1))


def test_the_tiny_course_points_at_what_exists_and_has_one_gap(tiny_course: Path) -> None:
    result = coverage(course_root=tiny_course)
    assert result.problems == []
    assert result.ok
    assert [(gap.objective, gap.lacks) for gap in result.gaps] == [("A2.2", "a lesson")]
    (guide,) = result.objectives.guides
    assert result.shares(guide.sections) == {"taught": pytest.approx(0.8), "graded": 1.0}
    console = Console(record=True, width=140)
    render(result, console)
    shown = console.export_text()
    for text in ("80% of the objectives taught", "sums#means--empty-lists", "lists/q2", "A2.2 lacks a lesson"):
        assert text in shown
    sections = result.to_dict()["guides"][0]["sections"]
    assert [section["taught"] for section in sections] == [1.0, 0.5]


def test_a_section_with_nothing_to_do_has_no_share_of_graded_questions(tiny_course: Path) -> None:
    _edit(tiny_course, 'kind: do\n    text: "Filter', 'kind: know\n    text: "Filter')
    result = coverage(course_root=tiny_course)
    lists = result.objectives.guides[0].sections[1]
    assert result.shares([lists])["graded"] is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("also: [A1.1]", "also: [A1.9]", r"A1.2 says also A1.9, which does not exist \(did you mean A1"),
        (
            "sums#skipping-what-is-missing",
            "sums#skipping",
            "A1.1 is taught in sums#skipping, .*no heading.*skipping-what",
        ),
        ("sums#skipping-what-is-missing", "sum#skipping", r"no walkthrough 'sum'.*mean sums"),
        ("sums#skipping-what-is-missing", "sums", "form LESSON#SECTION"),
        ("graded: [sums/q1]", "graded: [sums/q7]", "A1.1 is graded by sums/q7, and that lab has no question 'q7'"),
        ("graded: [sums/q1]", "graded: [products/q1]", "no lab 'products'"),
        ("graded: [sums/q1]", "graded: [sums]", "form LESSON/QUESTION"),
        ("  A2.2:", "  B2.2:", "B2.2 stands in no section"),
    ],
)
def test_a_reference_to_nothing_fails(tiny_course: Path, old: str, new: str, words: str) -> None:
    _edit(tiny_course, old, new)
    result = coverage(course_root=tiny_course)
    assert not result.ok
    assert any(re.search(words, problem) for problem in result.problems), result.problems


def test_an_unknown_id_in_small_print_fails_and_a_group_does_not(tiny_course: Path) -> None:
    path = tiny_course / "course" / "arith" / "extra.ipynb"
    write(from_text("%% md title\n# More\n<small>A1.1, A1.7 · A2</small> in version 1.A1.9 of XA1.8\n"), path)
    problems = coverage(course_root=tiny_course).problems
    assert problems == [
        "course/arith/extra.ipynb: cell title mentions A1.7, and there is no such objective (did you mean A1.2?)."
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  A2.1:\n", "  A1.1:\n", "'A1.1' stands there twice"),
        ("kind: know", "kind: guess", "A2.2 needs a text and a kind"),
        ("    graded: [lists/q2]", "    grades: [lists/q2]", "A2.2 has the unknown key 'grades'"),
        ("graded: [lists/q2]", "graded: lists/q2", "'graded' of A2.2 must be a list"),
        ("guides:", "guide:", "needs the two keys"),
        ("objectives:", "objectives: [", "no valid YAML"),
        ("{title: Sums, weight: 60}", "{title: Sums}", "title and weight"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_one_sentence(tiny_course: Path, old: str, new: str, words: str) -> None:
    _edit(tiny_course, old, new)
    with pytest.raises(CoverageError, match=words) as caught:
        Objectives.read(tiny_course)
    assert "\n" not in str(caught.value)


def test_a_missing_file_says_what_it_is_for(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match="does not exist"):
        Objectives.read(tmp_path)


def test_a_question_leads_to_its_objectives_and_sections(tiny_course: Path) -> None:
    _edit(
        tiny_course,
        "taught: [sums#means--empty-lists]",
        "taught: [lists#filtering, sums#means--empty-lists, sums#gone]",
    )
    assert [objective.id for objective in objectives_for("sums/q2", course_root=tiny_course)] == ["A1.2"]
    readings = sections_for("sums/q2", course_root=tiny_course)
    assert [(reading.reference, reading.title) for reading in readings] == [
        ("sums#means--empty-lists", "Means & empty lists"),
        ("lists#filtering", "Filtering"),
    ]
    assert sections_for("sums/q9", course_root=tiny_course) == []


def test_headings_have_githubs_anchors(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    text = """%% md title
# The *first* `fit()`: what's [new](https://example.org)?
```python
# no heading
```
## Again
%% code comment
# no heading either
%% md more
## Again ##
#### snake_case — and Ünïcode
#no heading
"""
    write(from_text(text), path)
    assert [(heading.title, heading.slug) for heading in headings(path)] == [
        ("The first fit(): what's new?", "the-first-fit-whats-new"),
        ("Again", "again"),
        ("Again", "again-1"),
        ("snake_case — and Ünïcode", "snake_case--and-ünïcode"),
    ]
    assert slugify("R² & RMSE, side by side") == "r²--rmse-side-by-side"
