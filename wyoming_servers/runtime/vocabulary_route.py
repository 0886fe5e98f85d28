"""`PUT /vocabulary` on a side port: the house tells its names."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from .errors import ServerError
from .side_port import json_error
from .vocabulary import Vocabulary, VocabularyError

Tell = Callable[[Vocabulary], Awaitable[Mapping[str, Any]]]
"""Makes the names known and returns the answer. Raises: ServerError, OSError when they are known but can't be kept."""


def vocabulary_route(tell: Tell) -> web.RouteDef:
    """Return the route by which the house's words come in."""

    async def put(request: web.Request) -> web.Response:
        try:
            vocabulary = Vocabulary.from_json(json.loads(await request.read()))
        except VocabularyError as err:
            return json_error(400, "bad_request", str(err))
        except (ValueError, RecursionError):
            return json_error(400, "bad_request", "The body is not JSON.")
        try:
            return web.json_response(dict(await tell(vocabulary)))
        except ServerError as err:
            return json_error(503, err.code, str(err))
        except OSError as err:
            return json_error(500, "not_kept", f"The vocabulary is used now but could not be kept: {err}")

    return web.put("/vocabulary", put)
