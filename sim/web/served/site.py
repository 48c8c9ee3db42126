"""What the server answers: the page, a voyage and a corridor; everything else is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from threading import Event
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sim.web.served.answers import Answers
from sim.web.served.guard import Guard, problems_response
from sim.web.served.question import Problem, Refused
from sim.web.served.worker import Worker

MAX_BODY: Final = 16_384  # bytes
BODY_S: Final = 10.0
TYPE: Final = "application/json"

Ask = Callable[[bytes, Event], dict[str, Any]]
Say = Callable[[str], None]


def site(
    page: bytes, policy: str, answers: Answers, hosts: Iterable[str], say: Say, worker: Worker | None = None
) -> Starlette:
    """The program of the server: `page` under the Content Security Policy `policy`, for requests to `hosts`.

    `say` is told of faults of the program itself."""
    busy = worker or Worker()

    async def whole_page(_: Request) -> Response:
        return HTMLResponse(page)

    def answering(ask: Ask) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                body = await _body(request)
                return JSONResponse(await busy.do(lambda stop: ask(body, stop), request.is_disconnected))
            except Refused as refused:
                return problems_response(refused)
            except Exception as error:
                said = f"internal error: {type(error).__name__}: {' '.join(str(error).split())}"
                say(said)
                return problems_response(Refused(500, Problem(said)))

        return answer

    out = Starlette(
        routes=[
            Route("/", whole_page, methods=["GET"]),
            Route("/voyage", answering(answers.voyage), methods=["POST"]),
            Route("/corridor", answering(answers.corridor), methods=["POST"]),
        ],
        middleware=[Middleware(Guard, hosts=hosts, policy=policy)],
        exception_handlers={HTTPException: _not_there},
    )
    out.router.redirect_slashes = False
    return out


async def _body(request: Request) -> bytes:
    """The body of a request. Raises Refused where it is no JSON, too big or too slow."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != TYPE:
        raise Refused(415, Problem("the body must be JSON", "content-type", TYPE))
    too_big = Refused(413, Problem("the body is too big", "content-length", f"at most {MAX_BODY:,} bytes"))
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > MAX_BODY:
        raise too_big
    body = b""
    try:
        async with asyncio.timeout(BODY_S):
            async for piece in request.stream():
                body += piece
                if len(body) > MAX_BODY:
                    raise too_big
    except TimeoutError:
        raise Refused(408, Problem(f"the body did not come within {BODY_S:g} s")) from None
    return body


async def _not_there(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing under that address", 405: "that method is not served here"}
    return problems_response(Refused(error.status_code, Problem(words.get(error.status_code, error.detail))))
