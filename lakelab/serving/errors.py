"""What an endpoint answers when it refuses."""

from __future__ import annotations

from typing import ClassVar


class ServingError(Exception):
    """A request is refused; the message says what is wrong, where, and what to do.

    Attributes:
        code: Databricks' name for this kind of error.
        status: the HTTP status of the answer.
    """

    _STATUS: ClassVar = {
        "INVALID_PARAMETER_VALUE": 400,
        "RESOURCE_DOES_NOT_EXIST": 404,
        "RESOURCE_ALREADY_EXISTS": 400,
        "UNAUTHENTICATED": 401,
    }

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = self._STATUS[code]
