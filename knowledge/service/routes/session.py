"""Logging a browser in: the token is given once and stands in a cookie that no script reads."""

from __future__ import annotations

from aiohttp import web

from knowledge.service import requests
from knowledge.service.access import SESSION_COOKIE, Verdict
from knowledge.service.keys import ACCESS
from knowledge.service.middlewares import caller_of, refusal
from knowledge.service.wire import json_body, json_response

routes = web.RouteTableDef()

_DAYS = 90


@routes.get("/session")
async def session(request: web.Request) -> web.Response:
    """Say whether the browser may ask, and whether it is Home Assistant that lets it in."""
    access, caller = request.app[ACCESS], caller_of(request)
    return json_response(
        {
            "authorised": access.judge(caller) is Verdict.LET_IN,
            "ingress": access.is_ingress(caller),
            "has_token": access.token is not None,
        }
    )


@routes.post("/session")
async def login(request: web.Request) -> web.Response:
    """Log in with the token."""
    access = request.app[ACCESS]
    if not access.is_token(requests.login_request(await json_body(request))):
        return refusal(401, "unauthorized", "This is not the token.")
    response = json_response({"authorised": True})
    response.set_cookie(
        SESSION_COOKIE,
        access.session(),
        max_age=_DAYS * 86_400,
        httponly=True,
        samesite="Strict",
        secure=request.secure,
    )
    return response


@routes.delete("/session")
async def logout(_request: web.Request) -> web.Response:
    """Forget the browser."""
    response = json_response({"authorised": False})
    response.del_cookie(SESSION_COOKIE)
    return response
