"""What nbgrader runs over a source notebook to make the release, for `nbgrader_config.py`.

Set to `PREPROCESSORS` there, ``c.GenerateAssignment.preprocessors`` makes the `nbgrader` command, Formgrader's button and
`lakelab release` write the same bytes.
"""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ComputeChecksums, NbGraderPreprocessor

from lakelab.notebooks import canonical_text


class CanonicalForm(NbGraderPreprocessor):
    """Bring a notebook into the form in which this project commits notebooks.

    nbgrader's writer sorts keys and indents as the canonical form does, so what comes out of this preprocessor is
    written byte for byte as `lakelab.notebooks.canonical_text` has it.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the canonical form of `nb`; raises nbformat's ValidationError for an invalid notebook."""
        return nbformat.reads(canonical_text(nb), as_version=4), resources


def _with_canonical_form(steps: list[type]) -> list[type]:
    # First, so that checksums and gradebook see stable ids and no stray blanks; and again before the last checksums,
    # because clearing solutions and hidden tests leaves empty lines behind.
    last = len(steps) - 1 - steps[::-1].index(ComputeChecksums)
    return [CanonicalForm, *steps[:last], CanonicalForm, *steps[last:]]


PREPROCESSORS: list[type] = _with_canonical_form(GenerateAssignment().preprocessors)
"""nbgrader's own steps with the canonical form between them."""
