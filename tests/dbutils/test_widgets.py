"""`dbutils.widgets`: values, errors, parameters from outside, and controls in a kernel."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest

from lakelab.dbutils import DBUtils
from lakelab.dbutils.widgets import InputWidgetNotDefined, WidgetUtils


@pytest.fixture
def widgets(monkeypatch: pytest.MonkeyPatch) -> WidgetUtils:
    monkeypatch.delenv("LAKELAB_WIDGETS", raising=False)
    return DBUtils().widgets


def test_defaults_are_the_values(widgets: WidgetUtils) -> None:
    widgets.text("name", "Ada", "Your name")
    widgets.dropdown("year", "2013", ["2013", "2023"])
    widgets.combobox("carrier", "XX", ["UA", "DL"])
    widgets.multiselect("origin", "JFK", ["EWR", "JFK"])
    assert widgets.get("name") == "Ada"
    assert widgets.getAll() == {"name": "Ada", "year": "2013", "carrier": "XX", "origin": "JFK"}


def test_defaults_must_be_choices(widgets: WidgetUtils) -> None:
    for create in (widgets.dropdown, widgets.multiselect):
        with pytest.raises(ValueError, match="'2014' of widget 'year' must be among its choices: 2013, 2023"):
            create("year", "2014", ["2013", "2023"])
    assert widgets.getAll() == {}


def test_everything_is_a_string(widgets: WidgetUtils) -> None:
    with pytest.raises(TypeError, match="default value 3 of widget 'n' must be a string"):
        widgets.text("n", 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="choice 2013 of widget 'year'"):
        widgets.dropdown("year", "2013", ["2013", 2013])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="must be a list of strings, not one string"):
        widgets.dropdown("letter", "a", "abc")


def test_unknown_names(widgets: WidgetUtils) -> None:
    widgets.text("year", "2013")
    for call in (widgets.get, widgets.remove, widgets.getArgument):
        with pytest.raises(InputWidgetNotDefined, match=r"no input widget named 'yaer' \(defined: 'year'\): create it"):
            call("yaer")
    assert widgets.getArgument("yaer", "2000") == "2000"
    assert widgets.getArgument("year", "2000") == "2013"


def test_removing(widgets: WidgetUtils) -> None:
    widgets.text("a", "1")
    widgets.text("b", "2")
    widgets.remove("a")
    assert widgets.getAll() == {"b": "2"}
    widgets.removeAll()
    assert widgets.getAll() == {}


def test_recreating_keeps_the_current_value(widgets: WidgetUtils) -> None:
    widgets.text("year", "2013")
    widgets.text("year", "1999")
    assert widgets.get("year") == "2013"
    widgets.dropdown("year", "2023", ["2013", "2023"])
    assert widgets.get("year") == "2013"
    widgets.dropdown("year", "2023", ["2023"])
    assert widgets.get("year") == "2023", "a value that is no longer a choice gives way to the default"
    widgets.remove("year")
    widgets.text("year", "1999")
    assert widgets.get("year") == "1999"


def test_parameters_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKELAB_WIDGETS", json.dumps({"year": "2023", "origins": "EWR,JFK", "note": "hi"}))
    widgets = DBUtils().widgets
    assert widgets.get("note") == "hi", "a parameter can be read without creating its widget"
    widgets.dropdown("year", "2013", ["2013", "2023"])
    widgets.multiselect("origins", "LGA", ["EWR", "JFK", "LGA"])
    assert widgets.getAll() == {"year": "2023", "origins": "EWR,JFK", "note": "hi"}


def test_parameter_that_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKELAB_WIDGETS", '{"year": "1999"}')
    with pytest.raises(
        ValueError, match="LAKELAB_WIDGETS sets widget 'year' to '1999', which is not among its choices"
    ):
        DBUtils().widgets.dropdown("year", "2013", ["2013", "2023"])


@pytest.mark.parametrize("content", ["{", "[]", '{"year": 2023}'])
def test_malformed_environment(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setenv("LAKELAB_WIDGETS", content)
    with pytest.raises(ValueError, match=r'LAKELAB_WIDGETS .* as in {"year": "2023"}'):
        _ = DBUtils().widgets


KERNEL_CODE = """
from lakelab.dbutils import DBUtils
dbutils = DBUtils()
dbutils.widgets.text("name", "Ada", "Your name")
dbutils.widgets.dropdown("year", "2013", ["2013", "2023"])
dbutils.widgets.combobox("carrier", "XX", ["UA", "DL"])
dbutils.widgets.multiselect("origin", "JFK", ["EWR", "JFK"])
controls = {name: widget.control for name, widget in dbutils.widgets._widgets.items()}
assert controls["name"].description == "Your name"
controls["name"].value = "Grace"
controls["year"].value = "2023"
controls["origin"].value = ("EWR", "JFK")
assert dbutils.widgets.getAll() == {"name": "Grace", "year": "2023", "carrier": "XX", "origin": "EWR,JFK"}
dbutils.widgets.dropdown("year", "2013", ["2013", "2023"])
assert dbutils.widgets.get("year") == "2023"
dbutils.widgets.multiselect("origin", "JFK", ["EWR", "JFK"])
dbutils.widgets.removeAll()
"""


def test_controls_in_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    monkeypatch.setitem(os.environ, "IPYTHONDIR", str(tmp_path))
    monkeypatch.delenv("LAKELAB_WIDGETS", raising=False)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(KERNEL_CODE)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [output.data for output in notebook.cells[0].outputs if output.output_type == "display_data"]
    assert any("application/vnd.jupyter.widget-view+json" in data for data in shown)
    assert all(output.get("name") != "stderr" for output in notebook.cells[0].outputs)
