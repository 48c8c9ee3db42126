"""What every request must be before anything looks at it, and what every answer carries.

The server listens on this machine alone, but any page of the web that is open on it can send requests there, and a name
of the web can be made to point to it (DNS rebinding). So the host must be the server's own, as it was printed, and a
request that says from which page it comes must come from the server's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse

from sim.web.served.question import Problem, Refused

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS: Final = ("GET", "POST")
HEADERS: Final = {
    "x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "no-referrer",
    "x-frame-options": "DENY", "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}  # fmt: skip


def hosts_of(port: int) -> frozenset[str]:
    """By which names a browser on this machine reaches a port."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))


def problems_response(refused: Refused) -> JSONResponse:
    """The answer to a request that is refused: what, where and what is allowed, of every problem."""
    headers = {"allow": ", ".join(METHODS)} if refused.status == 405 else None
    return JSONResponse({"problems": [p.told for p in refused.problems]}, refused.status, headers)


class Guard:
    """Refuses requests of other hosts and pages, and puts the security headers on all answers."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], policy: str) -> None:
        self.app, self.hosts = app, frozenset(hosts)
        every = HEADERS | {"content-security-policy": policy}
        self.headers = [(k.encode(), v.encode()) for k, v in every.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *self.headers]}
            await send(message)

        try:
            self.check(scope)
        except Refused as refused:
            await problems_response(refused)(scope, receive, sent)
            return
        await self.app(scope, receive, sent)

    def check(self, scope: Scope) -> None:
        """Raise Refused for a request that is not of the server's own page."""

        def given(name: bytes) -> list[str]:
            return [v.decode("latin-1").lower() for k, v in scope["headers"] if k.lower() == name]

        hosts = given(b"host")
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            raise Refused(421, Problem("this server is not of that host", "host", tuple(sorted(self.hosts))))
        if scope["method"] not in METHODS:
            raise Refused(405, Problem("that method is not served", "method", METHODS))
        own = f"http://{hosts[0]}"
        if any(origin != own for origin in given(b"origin")):
            raise Refused(403, Problem("the request comes from another page", "origin", own))
        if scope["method"] == "POST" and any(site != "same-origin" for site in given(b"sec-fetch-site")):
            raise Refused(403, Problem("the request comes from another page", "sec-fetch-site", "same-origin"))
