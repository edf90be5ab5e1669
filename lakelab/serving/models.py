"""The models behind endpoints: each is MLflow's scoring server for one logged model, loaded once per process."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from lakelab.serving.config import ServedEntity
from lakelab.serving.errors import ServingError

Scope = MutableMapping[str, Any]
ScoringServer = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
"""An ASGI application with MLflow's routes: ``/invocations``, ``/ping``, ``/version``."""

_SERVING_MARK = "_MLFLOW_IS_IN_SERVING_ENVIRONMENT"
logging.getLogger("mlflow.pyfunc.scoring_server").setLevel(logging.ERROR)
"""It warns on stderr at each request that breaks a signature, which is the client's fault and reported to the client; in this
process stderr is the notebook's."""
_loaded: dict[str, ScoringServer] = {}
_lock = threading.Lock()


def source_of(entity: ServedEntity) -> str:
    """Return the address of the logged model that a registered version is.

    A version's number may come to mean another model, in a registry that was set up anew; the logged model's address doesn't.

    Raises:
        ServingError: there is no such version.
    """
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    try:
        return str(MlflowClient().get_model_version(entity.entity_name, entity.entity_version).source)
    except MlflowException:
        raise ServingError(
            "RESOURCE_DOES_NOT_EXIST",
            f"There is no version {entity.entity_version} of the registered model '{entity.entity_name}'.",
        ) from None


def scoring_server(source: str) -> ScoringServer:
    """Return the scoring server of a logged model, loaded on first use.

    Raises:
        ServingError: the model can't be loaded.
    """
    from mlflow import pyfunc
    from mlflow.pyfunc import scoring_server as mlflow_server

    with _lock:
        if source not in _loaded:
            before = os.environ.get(_SERVING_MARK)
            try:
                _loaded[source] = mlflow_server.init(pyfunc.load_model(source))
            except Exception as error:
                raise ServingError(
                    "INVALID_PARAMETER_VALUE",
                    f"The model {source} can't be loaded ({type(error).__name__}: {error}). Does mlflow.pyfunc.load_model load it?",
                ) from error
            finally:
                # MLflow marks the whole process as a serving one; the notebook in it is none.
                os.environ.pop(_SERVING_MARK, None)
                if before is not None:
                    os.environ[_SERVING_MARK] = before
        return _loaded[source]
