"""Reading and writing notebooks in the one form that this project commits."""

from lakelab.notebooks.canonical import canonical_text, is_canonical, read, write
from lakelab.notebooks.text import from_text, to_text

__all__ = ["canonical_text", "from_text", "is_canonical", "read", "to_text", "write"]
