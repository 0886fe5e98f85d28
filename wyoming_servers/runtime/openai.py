"""What the HTTP routes in OpenAI's form share: errors as its clients know them, and `GET /v1/models`."""

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from aiohttp import web

from .errors import ServerError

_STATUS = {"busy": 503, "loading": 503, "stopping": 503, "unsupported-audio": 400}


@runtime_checkable
class OffersModels(Protocol):
    """A service that programs can choose a model of."""

    task: str
    """What its models do, by the name that model hubs have for it: a list of models is of no use without."""

    def models(self) -> Iterable[str]:
        """Return the models' names."""


class RequestError(ServerError):
    """A request that can't be served; the message is for people."""

    def __init__(self, status: int, code: str, message: str, *, parameter: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.parameter = parameter

    def response(self) -> web.Response:
        """Return the error in OpenAI's form, of which ours is a part."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        error = {"message": str(self), "type": kind, "param": self.parameter, "code": self.code}
        headers = {"Retry-After": "2"} if self.status == 503 else None
        return web.json_response({"error": error}, status=self.status, headers=headers)


def refusal(err: ServerError) -> RequestError:
    """Return a failure of ours as a client of OpenAI knows it."""
    if isinstance(err, RequestError):
        return err
    status = _STATUS.get(err.code, 500)
    return RequestError(status, err.code.replace("-", "_"), str(err), parameter="file" if status == 400 else None)


def unknown_model(name: str, known: Sequence[str]) -> RequestError:
    """Return the error for a model that nobody here has."""
    message = f"There is no model {name!r:.100}. Available: {', '.join(known)}."
    return RequestError(404, "model_not_found", message, parameter="model")


def models_routes(services: Iterable[object]) -> Iterable[web.RouteDef]:
    """Return the route that lists the models of all services that offer some."""
    offering = [service for service in services if isinstance(service, OffersModels)]

    async def get_models(_: web.Request) -> web.Response:
        offered = [(name, service.task) for service in offering for name in service.models()]
        common = {"object": "model", "created": 0, "owned_by": "voice-rag"}
        models = [{"id": name, **common, "task": task} for name, task in offered]
        return web.json_response({"object": "list", "data": models})

    return [web.get("/v1/models", get_models)] if offering else []
