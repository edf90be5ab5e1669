"""The search finds what is good, and proposes the same whoever ends first."""

from __future__ import annotations

import itertools
import random

import pytest

from lakelab.automl.models import algorithms, fitted_to
from lakelab.automl.search import LAG, Proposal, Search


def loss(proposal: Proposal) -> float:
    """LightGBM is the best, near a learning rate of 0.05."""
    if proposal.algorithm.name != "lightgbm":
        return 0.8
    return 0.3 + abs(proposal.params["learning_rate"] - 0.05)


def search(trials: int, side_by_side: int, seed: int = 0) -> list[tuple[str, dict[str, object]]]:
    """Proposals of a search in which ``side_by_side`` trials run and end in a random order."""
    order = random.Random(seed)
    found, running = Search(algorithms("classification", [])), []
    proposals = []
    while len(proposals) < trials or running:
        while len(proposals) < trials and len(running) < side_by_side and found.can_propose():
            running.append(found.propose())
            proposals.append((running[-1].algorithm.name, running[-1].params))
        ended = running.pop(order.randrange(len(running)))
        found.record(ended.number, loss(ended))
    return proposals


def test_every_algorithm_comes_first_with_its_defaults() -> None:
    first = search(5, 1)
    assert first == [(algorithm.name, algorithm.defaults) for algorithm in algorithms("classification", [])]


def test_proposals_do_not_depend_on_who_ends_first() -> None:
    expected = search(25, 1)
    assert search(25, 2, seed=1) == search(25, 4, seed=2) == expected


def test_most_trials_go_to_the_best_and_get_better() -> None:
    proposals = search(40, 2)
    rates = [params["learning_rate"] for name, params in proposals if name == "lightgbm"]
    assert len(rates) >= 15
    assert min(abs(rate - 0.05) for rate in rates[5:]) < abs(rates[0] - 0.05) / 5  # type: ignore[operator]


def test_nothing_is_tried_twice() -> None:
    for (_, first), (_, second) in itertools.combinations(search(30, 2), 2):
        assert first != second


def test_a_proposal_waits_for_the_trials_that_it_rests_on() -> None:
    waiting = Search(algorithms("regression", []))
    for _ in range(LAG):
        waiting.propose()
    assert not waiting.can_propose()
    with pytest.raises(ValueError, match="still runs"):
        waiting.propose()
    waiting.record(0, None)
    assert waiting.can_propose()


def test_leaves_fit_the_rows() -> None:
    for algorithm in fitted_to(algorithms("regression", []), 50):
        for name in ("min_child_samples", "min_samples_leaf"):
            if name in algorithm.space:
                assert algorithm.space[name].high <= 5
                assert algorithm.defaults[name] <= 5
