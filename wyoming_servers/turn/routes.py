"""`POST /infer` and `POST /policy` on a side port."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from wyoming_servers.runtime.errors import ServerError
from wyoming_servers.runtime.side_port import json_error

from .detector import Pause
from .judgement import Judgement
from .messages import MessageError, parse_patience, parse_request, policy_to_json, to_json

Judge = Callable[[Sequence[Pause]], Awaitable[Sequence[Judgement]]]
"""Returns what is made of each pause. Raises ServerError."""

Answer = Callable[[Any, Judgement], Any]
"""Returns the JSON for one entry of a request and what was made of it. Raises MessageError."""


def turn_routes(judge: Judge) -> Sequence[web.RouteDef]:
    """Return the routes by which texts are judged."""

    async def infer(request: web.Request) -> web.Response:
        return await _respond(request, judge, lambda _, judgement: to_json(judgement.probability))

    async def policy(request: web.Request) -> web.Response:
        return await _respond(request, judge, lambda entry, judgement: policy_to_json(judgement, parse_patience(entry)))

    return [web.post("/infer", infer), web.post("/policy", policy)]


async def _respond(request: web.Request, judge: Judge, answer: Answer) -> web.Response:
    """Answer a list with a list, one entry with one."""
    try:
        data = _parse_json(await request.read())
        entries = data if isinstance(data, list) else [data]
        judgements = await judge(parse_request(data))
        answers = [answer(entry, judgement) for entry, judgement in zip(entries, judgements, strict=True)]
    except MessageError as err:
        return json_error(400, "bad_request", str(err))
    except ServerError as err:
        return json_error(503, err.code, str(err))
    return web.json_response(answers if isinstance(data, list) else answers[0])


def _parse_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as err:
        raise MessageError("The body is not JSON.") from err
