"""`POST /infer` on a side port."""

import json
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from wyoming_servers.runtime.errors import ServerError
from wyoming_servers.runtime.side_port import json_error

from .detector import Pause
from .messages import MessageError, parse_request, to_json

Judge = Callable[[Sequence[Pause]], Awaitable[Sequence[float]]]
"""Returns the probability for each pause that its speaker has finished. Raises ServerError."""


def infer_route(judge: Judge) -> web.RouteDef:
    """Return the route by which texts are judged."""

    async def infer(request: web.Request) -> web.Response:
        try:
            data = json.loads(await request.read())
            pauses = parse_request(data)
        except MessageError as err:
            return json_error(400, "bad_request", str(err))
        except (ValueError, RecursionError):
            return json_error(400, "bad_request", "The body is not JSON.")
        try:
            answers = [to_json(completeness) for completeness in await judge(pauses)]
        except ServerError as err:
            return json_error(503, err.code, str(err))
        return web.json_response(answers if isinstance(data, list) else answers[0])

    return web.post("/infer", infer)
