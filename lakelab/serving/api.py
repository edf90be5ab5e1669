"""The REST API of endpoints, as an ASGI application: the part of Databricks' that creates, changes, deletes and queries them."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lakelab.serving import store
from lakelab.serving.config import EndpointConfig, is_endpoint_name
from lakelab.serving.errors import ServingError
from lakelab.serving.models import scoring_server, source_of

_ENDPOINTS = "/api/2.0/serving-endpoints"
_DISCOVERY = "/.well-known/databricks-config"
_chance = random.SystemRandom()  # a forked process must not repeat its parent's choices


def application(token: str) -> ASGIApp:
    """Return the API for those who know the token."""
    routes = [
        Route(_DISCOVERY, _answering(_describe), methods=["GET"]),
        Route(_ENDPOINTS, _answering(_list), methods=["GET"]),
        Route(f"{_ENDPOINTS}/", _answering(_list), methods=["GET"]),  # how MLflow's client asks
        Route(_ENDPOINTS, _answering(_create), methods=["POST"]),
        Route(f"{_ENDPOINTS}/", _answering(_create), methods=["POST"]),
        Route(f"{_ENDPOINTS}/{{name}}", _answering(_get), methods=["GET"]),
        Route(f"{_ENDPOINTS}/{{name}}", _answering(_delete), methods=["DELETE"]),
        Route(f"{_ENDPOINTS}/{{name}}/config", _answering(_update), methods=["PUT"]),
        Route("/serving-endpoints/{name}/invocations", _Invocations(), methods=["POST"]),
        Route("/serving-endpoints/{name}/served-models/{entity}/invocations", _Invocations(), methods=["POST"]),
    ]
    return _Guard(Starlette(routes=routes), token)


def choose(traffic: dict[str, int]) -> str:
    """Return the name of the entity that gets this request: by chance, in proportion to the percentages."""
    return _chance.choices(list(traffic), weights=list(traffic.values()))[0]


class _Guard:
    """Lets only those in who show the token: others on this machine can reach the port as well."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Databricks' SDK asks what kind of host this is before it shows its token, and warns if it gets no answer.
        is_open = scope["path"] == _DISCOVERY
        if not is_open and dict(scope["headers"]).get(b"authorization") != self._expected:
            refusal = ServingError("UNAUTHENTICATED", "Send the header 'Authorization: Bearer TOKEN'.")
            await _error_answer(refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class _Invocations:
    """Hands a request on to the scoring server of one of the endpoint's entities, and says which in the answer's header."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            entity, server = await run_in_threadpool(_route, **scope["path_params"])
        except ServingError as error:
            await _error_answer(error)(scope, receive, send)
            return

        async def send_signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"served-model-name", entity.encode())]}
            await send(message)

        kept = ("type", "asgi", "http_version", "method", "scheme", "query_string", "headers", "client", "server")
        inner = {key: scope[key] for key in kept if key in scope}
        await server(
            {**inner, "path": "/invocations", "raw_path": b"/invocations", "root_path": ""}, receive, send_signed
        )


def _route(name: str, entity: str | None = None) -> tuple[str, ASGIApp]:
    """Return who answers: the entity that is asked for, or one by chance."""
    record = store.read(name)
    if entity is None:
        routes = record["config"]["traffic_config"]["routes"]
        entity = choose({route["served_model_name"]: route["traffic_percentage"] for route in routes})
    elif entity not in record["sources"]:
        raise ServingError("RESOURCE_DOES_NOT_EXIST", f"The endpoint '{name}' serves no '{entity}'.")
    return entity, scoring_server(record["sources"][entity])


def _describe(body: Any) -> Any:
    return {}


def _list(body: Any) -> Any:
    return {"endpoints": [_shown(record) for record in store.read_all()]}


def _get(body: Any, name: str) -> Any:
    return _shown(store.read(name))


def _create(body: Any) -> Any:
    name = body.get("name") if isinstance(body, dict) else None
    if not is_endpoint_name(name):
        raise ServingError(
            "INVALID_PARAMETER_VALUE",
            f"{name!r} can't be an endpoint's name: use letters, digits, dashes and underscores.",
        )
    if store.exists(name):
        raise ServingError(
            "RESOURCE_ALREADY_EXISTS", f"There is an endpoint '{name}' already: update its config, or delete it."
        )
    return _deploy(name, body.get("config"))


def _update(body: Any, name: str) -> Any:
    store.read(name)
    return _deploy(name, body)


def _deploy(name: str, config: object) -> Any:
    """Load every model before anything changes: an endpoint goes on with what it has if the new one can't be served."""
    parsed = EndpointConfig.parse(config)
    sources = {entity.name: source_of(entity) for entity in parsed.entities}
    for source in sources.values():
        scoring_server(source)
    return _shown(store.write(name, parsed, sources))


def _delete(body: Any, name: str) -> Any:
    store.delete(name)
    return {}


def _shown(record: store.Record) -> store.Record:
    return {key: value for key, value in record.items() if key != "sources"}


def _answering(action: Callable[..., Any]) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Make a handler of a function of the body and the path's parameters; it runs in a thread, because models take seconds to load."""

    async def handler(request: Request) -> JSONResponse:
        try:
            body = await request.json() if await request.body() else None
        except ValueError:
            return _error_answer(ServingError("INVALID_PARAMETER_VALUE", "The request's body is no JSON."))
        try:
            return JSONResponse(await run_in_threadpool(action, body, **request.path_params))
        except ServingError as error:
            return _error_answer(error)

    return handler


def _error_answer(error: ServingError) -> JSONResponse:
    return JSONResponse({"error_code": error.code, "message": str(error)}, status_code=error.status)
