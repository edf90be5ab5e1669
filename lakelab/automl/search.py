"""Proposes what to try next: Hyperopt's tree of Parzen estimators for each algorithm, more trials for the better ones.

Every algorithm is tried with its defaults first. Of four trials after that, two go to the algorithm that leads, one to the
runner-up, and the others take turns for the fourth. A proposal rests on the trials up to `LAG` before it, whichever of the
ones in between have ended: so the same data gives the same trials, however busy the machine is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from lakelab.automl.models import Algorithm, Choice, tidy

LAG = 4
"""A proposal knows all earlier trials but the last three: up to four can run side by side without waiting."""

RANDOM_TRIALS = 3
"""Trials of an algorithm after its defaults that are drawn at random; the estimators propose from then on."""

MAX_DRAWS = 10

SEED = 42

_TURNS = (0, 1, 0, None)  # ranks; None: the others in turn
_NEW, _DONE = 0, 2  # Hyperopt's JOB_STATE_NEW and JOB_STATE_DONE


@dataclass(frozen=True)
class Proposal:
    """Trial ``number`` (from 0): an algorithm and its hyperparameters."""

    number: int
    algorithm: Algorithm
    params: dict[str, Any]


class Search:
    """Proposals in order, and what came of them."""

    def __init__(self, algorithms: Sequence[Algorithm], seed: int = SEED) -> None:
        """Search over ``algorithms``; ``seed`` decides all that is random."""
        from hyperopt import Domain

        self._algorithms = tuple(algorithms)
        self._seed = seed
        self._domains = {a.name: Domain(_not_called, _space(a)) for a in self._algorithms}
        self._documents: list[dict[str, Any]] = []
        self._proposals: list[Proposal] = []

    def can_propose(self) -> bool:
        """Whether the trials that the next proposal rests on have ended."""
        return all(document["state"] == _DONE for document in self._visible())

    def propose(self) -> Proposal:
        """The next trial.

        Raises:
            ValueError: it has to wait (see :meth:`can_propose`).
        """
        if not self.can_propose():
            raise ValueError("The next proposal rests on a trial that still runs.")
        number = len(self._proposals)
        if number < len(self._algorithms):
            algorithm = self._algorithms[number]
            params = dict(algorithm.defaults)
            document = self._document(number, algorithm, params)
        else:
            algorithm = self._turn(number)
            document, params = self._suggest_new(number, algorithm)
        self._documents.append(document)
        self._proposals.append(Proposal(number, algorithm, params))
        return self._proposals[-1]

    def record(self, number: int, loss: float | None) -> None:
        """Note how trial ``number`` ended; None and infinity mean that it failed."""
        document = self._documents[number]
        document["state"] = _DONE
        if loss is None or not np.isfinite(loss):
            document["result"] = {"status": "fail"}
        else:
            document["result"] = {"status": "ok", "loss": float(loss)}

    def _visible(self) -> list[dict[str, Any]]:
        return self._documents[: max(0, len(self._documents) - LAG + 1)]

    def _turn(self, number: int) -> Algorithm:
        """Whose turn it is, going by the best loss of each algorithm."""
        best = dict.fromkeys((algorithm.name for algorithm in self._algorithms), np.inf)
        for document, proposal in zip(self._visible(), self._proposals, strict=False):
            name = proposal.algorithm.name
            best[name] = min(best[name], document["result"].get("loss", np.inf))
        ranked = sorted(self._algorithms, key=lambda algorithm: best[algorithm.name])  # ties: in the order given
        since = number - len(self._algorithms)
        rank = _TURNS[since % len(_TURNS)]
        if rank is None:
            others = ranked[2:] or ranked
            return min(others, key=lambda a: sum(p.algorithm is a for p in self._proposals))
        return ranked[min(rank, len(ranked) - 1)]

    def _suggest_new(self, number: int, algorithm: Algorithm) -> tuple[dict[str, Any], dict[str, Any]]:
        """A suggestion that was not tried yet, if some draws find one: rounding makes some of them meet."""
        tried = [proposal.params for proposal in self._proposals if proposal.algorithm is algorithm]
        for draw in range(MAX_DRAWS):
            document = self._suggest(number, algorithm, self._seed + number + 10_000 * draw)
            params = _params(algorithm, document["misc"]["vals"])
            if params not in tried:
                break
        return document, params

    def _suggest(self, number: int, algorithm: Algorithm, seed: int) -> dict[str, Any]:
        from hyperopt import tpe
        from hyperopt.base import trials_from_docs

        known = [
            document
            for document, proposal in zip(self._visible(), self._proposals, strict=False)
            if proposal.algorithm is algorithm
        ]
        suggest = partial(tpe.suggest, n_startup_jobs=1 + RANDOM_TRIALS, verbose=False)
        trials = trials_from_docs(known, validate=False)
        document: dict[str, Any] = suggest([number], self._domains[algorithm.name], trials, seed)[0]
        return document

    def _document(self, number: int, algorithm: Algorithm, params: dict[str, Any]) -> dict[str, Any]:
        """A trial as Hyperopt keeps it, with values that were chosen here."""
        domain = self._domains[algorithm.name]
        values = {}
        for name, choice in algorithm.space.items():
            values[name] = [choice.options.index(params[name]) if choice.options else params[name]]
        return {
            "state": _NEW,
            "tid": number,
            "spec": None,
            "result": {"status": "new"},
            "misc": {
                "tid": number,
                "cmd": domain.cmd,
                "workdir": domain.workdir,
                "idxs": {name: [number] for name in values},
                "vals": values,
            },
            "exp_key": None,
            "owner": None,
            "version": 0,
            "book_time": None,
            "refresh_time": None,
        }


def _params(algorithm: Algorithm, values: dict[str, list[Any]]) -> dict[str, Any]:
    params = {}
    for name, choice in algorithm.space.items():
        drawn = values[name][0]
        params[name] = choice.options[int(drawn)] if choice.options else tidy(drawn, choice)
    return params


def _space(algorithm: Algorithm) -> dict[str, Any]:
    return {name: _dimension(name, choice) for name, choice in algorithm.space.items()}


def _dimension(label: str, choice: Choice) -> Any:
    from hyperopt import hp

    if choice.options:
        return hp.choice(label, list(choice.options))
    if choice.log:
        return hp.loguniform(label, np.log(choice.low), np.log(choice.high))
    return hp.uniform(label, choice.low, choice.high)


def _not_called(_: Any) -> float:
    raise NotImplementedError("Trials run in processes of their own.")
