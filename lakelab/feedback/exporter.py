"""The page: nbconvert's HTML exporter with our template, and with every piece of Markdown made inert."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from lakelab.feedback.inert import inert_html

TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(HTMLExporter):
    """Writes feedback pages.

    nbgrader sets its own template in the section of HTMLExporter, which a section of this class's own name takes precedence over.
    """

    @property
    def default_config(self) -> Config:
        """Our template in place of nbgrader's."""
        config = Config(
            {
                "FeedbackExporter": {
                    "template_name": "lakelab_feedback",
                    "extra_template_basedirs": [str(TEMPLATES)],
                    "exclude_anchor_links": True,
                    "exclude_input_prompt": True,
                    "exclude_output_prompt": True,
                    "sanitize_html": False,  # ours keeps tables and pictures, which nbconvert's does not
                }
            }
        )
        config.merge(super().default_config)
        return config

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """Return safe HTML for Markdown; what can't be rendered (a missing attachment, say) is shown as it was written."""
        try:
            return inert_html(super().markdown2html(context, source))
        except Exception:  # whatever the student wrote, the page must come into being
            return f"<pre>{html.escape(source)}</pre>"

    def _init_resources(self, resources: dict[str, Any] | None) -> dict[str, Any]:
        resources = super()._init_resources(resources)
        resources["code_style"] = {
            theme: HtmlFormatter(style=style).get_style_defs(".highlight")
            for theme, style in (("light", "default"), ("dark", "github-dark"))
        }
        return resources

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and the resources."""
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        return "<!DOCTYPE html>\n" + page.removeprefix("<!DOCTYPE html>").lstrip(), resources
