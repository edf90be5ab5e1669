"""The errors that a person can do something about."""


class GradingError(Exception):
    """What is wrong, where, and what to do: one sentence, shown without a traceback."""
