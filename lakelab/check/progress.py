"""The learner's progress over many checks: a small JSON file under LAKELAB_HOME."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakelab import home
from lakelab.files import replacing

if TYPE_CHECKING:
    from lakelab.check.check import CheckResult


@dataclass(frozen=True)
class ProgressFile:
    """`{"notebooks": {NAME: {"checks": N, "last": ISO time, "questions": {QUESTION: {"earned", "points", "best"}}}}}`."""

    path: Path

    @classmethod
    def default(cls) -> ProgressFile:
        """Return the file of this home."""
        return cls(home.home() / "progress.json")

    def read(self) -> dict[str, Any]:
        """Return what is known; a damaged file counts as none, since it only costs the arrows of one check."""
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(self.path.read_text(encoding="utf-8"))
            if isinstance(known, dict) and isinstance(known.get("notebooks"), dict):
                return known
        return {"notebooks": {}}

    def remember(self, result: CheckResult) -> None:
        """Add a check; fills in what the questions had earned before, and how often the notebook was checked."""
        known = self.read()
        entry = known["notebooks"].setdefault(result.notebook, {"checks": 0, "questions": {}})
        entry["checks"] += 1
        entry["last"] = datetime.now().isoformat(timespec="seconds")
        result.checks = entry["checks"]
        for question in result.questions:
            old = entry["questions"].get(question.question, {})
            question.before = old.get("earned")
            best = max([value for value in (old.get("best"), question.earned) if value is not None], default=None)
            entry["questions"][question.question] = {
                "earned": question.earned,
                "points": question.points,
                "best": best,
            }
        with replacing(self.path) as partial:
            partial.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
