"""``dbutils.widgets``: a notebook's parameters, as controls where there is a notebook to show them.

A run without anybody at the controls (papermill, grading, a job) sets parameters by the environment variable
``LAKELAB_WIDGETS``, a JSON object of strings::

    LAKELAB_WIDGETS='{"year": "2023", "carrier": "UA"}' papermill lesson.ipynb out.ipynb

A parameter set that way exists from the start, and wins over the default of the widget that is created for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lakelab.dbutils.help import Utility

Kind = Literal["text", "dropdown", "combobox", "multiselect"]


class InputWidgetNotDefined(LookupError):
    """There is no widget of that name."""


@dataclass
class _Widget:
    """A widget's state. ``given`` tells that the value came from outside the notebook."""

    kind: Kind
    value: str
    choices: tuple[str, ...] = ()
    given: bool = False
    control: Any = None

    def allows(self, value: str) -> bool:
        """Whether ``value`` is one of the choices (or, for multiselect, a comma-separated list of some)."""
        if self.kind == "dropdown":
            return value in self.choices
        if self.kind == "multiselect":
            return all(part in self.choices for part in split_values(value, self.choices))
        return True


def split_values(value: str, choices: Iterable[str]) -> list[str]:
    """The parts of a multiselect's value. Values are joined by commas, and a choice may itself contain some."""
    if value in choices:
        return [value]
    return value.split(",") if value else []


class WidgetUtils(Utility):
    """Utilities for parameters of notebooks. Values are always strings."""

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        """Start with ``parameters`` (name to value); by default those of LAKELAB_WIDGETS.

        Raises:
            ValueError: LAKELAB_WIDGETS is not a JSON object of strings.
        """
        given = _from_environment() if parameters is None else parameters
        self._widgets = {name: _Widget("text", value, given=True) for name, value in given.items()}

    def text(self, name: str, defaultValue: str, label: str | None = None) -> None:
        """Create a free text field. A widget that exists already keeps its current value."""
        self._create("text", name, defaultValue, (), label)

    def dropdown(self, name: str, defaultValue: str, choices: Iterable[str], label: str | None = None) -> None:
        """Create a choice of one value. A widget that exists already keeps its current value if that is a choice.

        Raises:
            ValueError: ``defaultValue``, or the value that LAKELAB_WIDGETS gives, is not among ``choices``.
        """
        self._create("dropdown", name, defaultValue, choices, label)

    def combobox(self, name: str, defaultValue: str, choices: Iterable[str], label: str | None = None) -> None:
        """Create a text field that suggests ``choices``. A widget that exists already keeps its current value."""
        self._create("combobox", name, defaultValue, choices, label)

    def multiselect(self, name: str, defaultValue: str, choices: Iterable[str], label: str | None = None) -> None:
        """Create a choice of several values, which `get` joins with commas.

        A widget that exists already keeps its current values if all are choices.

        Raises:
            ValueError: ``defaultValue``, or a value that LAKELAB_WIDGETS gives, is not among ``choices``.
        """
        self._create("multiselect", name, defaultValue, choices, label)

    def get(self, name: str) -> str:
        """Current value of a widget.

        Raises:
            InputWidgetNotDefined: there is no such widget.
        """
        return self._widget(name).value

    def getAll(self) -> dict[str, str]:
        """Current values of all widgets by name."""
        return {name: widget.value for name, widget in self._widgets.items()}

    def getArgument(self, name: str, defaultValue: str | None = None) -> str:
        """Current value of a widget, or ``defaultValue`` if there is no such widget. (Deprecated on Databricks: use get.)

        Raises:
            InputWidgetNotDefined: there is no such widget, and no default either.
        """
        if defaultValue is not None and name not in self._widgets:
            return defaultValue
        return self._widget(name).value

    def remove(self, name: str) -> None:
        """Remove a widget.

        Raises:
            InputWidgetNotDefined: there is no such widget.
        """
        _close(self._widget(name))
        del self._widgets[name]

    def removeAll(self) -> None:
        """Remove all widgets."""
        for widget in self._widgets.values():
            _close(widget)
        self._widgets.clear()

    def _widget(self, name: str) -> _Widget:
        try:
            return self._widgets[name]
        except KeyError:
            defined = ", ".join(map(repr, self._widgets)) or "none"
            raise InputWidgetNotDefined(
                f"There is no input widget named {name!r} (defined: {defined}): create it first, "
                f'as in dbutils.widgets.text({name!r}, "").'
            ) from None

    def _create(self, kind: Kind, name: str, default: str, choices: Iterable[str], label: str | None) -> None:
        if isinstance(choices, str):
            raise TypeError(f"The choices of widget {name!r} must be a list of strings, not one string.")
        options = tuple(choices)
        for what, value in (("name", name), ("default value", default), *(("choice", option) for option in options)):
            if not isinstance(value, str):
                raise TypeError(
                    f"The {what} {value!r} of widget {name!r} must be a string; widgets know no other values."
                )
        widget = _Widget(kind, default, options)
        if not widget.allows(default):
            raise ValueError(
                f"The default value {default!r} of widget {name!r} must be among its choices: {', '.join(options) or 'none'}."
            )
        existing = self._widgets.get(name)
        if existing is not None:
            if widget.allows(existing.value):
                widget.value, widget.given = existing.value, existing.given
            elif existing.given:
                raise ValueError(
                    f"LAKELAB_WIDGETS sets widget {name!r} to {existing.value!r}, which is not among its choices: "
                    f"{', '.join(options) or 'none'}."
                )
            _close(existing)
        self._widgets[name] = widget
        if _in_kernel():
            _show(widget, label or name)


def _from_environment() -> dict[str, str]:
    source = os.environ.get("LAKELAB_WIDGETS")
    if not source:
        return {}
    try:
        found = json.loads(source)
    except json.JSONDecodeError as error:
        raise ValueError(f'LAKELAB_WIDGETS is not valid JSON ({error}): write it as in {{"year": "2023"}}.') from None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError('LAKELAB_WIDGETS must be a JSON object of strings, as in {"year": "2023"}.')
    return found


def _in_kernel() -> bool:
    """Whether a Jupyter kernel runs this, so that a control would reach somebody."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def _show(widget: _Widget, label: str) -> None:
    """Display the control of a widget and let it update the widget's value."""
    try:
        import ipywidgets as controls
    except ImportError:  # values work without controls
        return
    from IPython.display import display

    common = {"description": label, "style": {"description_width": "initial"}}
    if widget.kind == "text":
        control = controls.Text(value=widget.value, continuous_update=False, **common)
    elif widget.kind == "dropdown":
        control = controls.Dropdown(value=widget.value, options=widget.choices, **common)
    elif widget.kind == "combobox":
        control = controls.Combobox(
            value=widget.value, options=widget.choices, ensure_option=False, continuous_update=False, **common
        )
    else:
        control = controls.SelectMultiple(
            value=split_values(widget.value, widget.choices),
            options=widget.choices,
            rows=min(6, max(2, len(widget.choices))),
            **common,
        )

    def update(change: dict[str, Any]) -> None:
        new = change["new"]
        widget.value = ",".join(new) if widget.kind == "multiselect" else new

    control.observe(update, names="value")
    widget.control = control
    display(control)


def _close(widget: _Widget) -> None:
    if widget.control is not None:
        widget.control.close()
