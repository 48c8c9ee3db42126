"""The server on this machine's own addresses: its sockets, and its life until it is interrupted."""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING, Final

from sim.errors import UsageError

if TYPE_CHECKING:
    from starlette.applications import Starlette

PORT: Final = 8040
MAX_PORT: Final = 65_535
CONNECTIONS: Final = 32
HEAD_BYTES: Final = 16_384  # of a request before its body


def check_installed() -> None:
    """Raise UsageError where what the server needs is not installed."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise UsageError(f"--serve needs {error.name}; install it with: pip install 'northabout[serve]'") from error


def listening(port: int, ipv6: bool = False) -> list[socket.socket]:
    """Sockets on a port of 127.0.0.1, and of [::1] too; port 0 is any free one. Raises UsageError."""
    if not 0 <= port <= MAX_PORT:
        raise UsageError(f"--port is {port}, allowed is 1 to {MAX_PORT}, or 0 for any free one")
    out = [_listening(socket.AF_INET, "127.0.0.1", port)]
    if ipv6:
        try:
            out.append(_listening(socket.AF_INET6, "::1", port_of(out)))
        except UsageError:
            out[0].close()
            raise
    return out


def _listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    try:
        opened = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # a port that was left a moment ago; elsewhere it would allow a second server
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, port))
            opened.listen(CONNECTIONS)
        except OSError:
            opened.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            said = f"port {port} of {host} is in use; give another with --port, or 0 for any free one"
        elif error.errno == errno.EACCES:
            said = f"port {port} of {host} may not be opened; give one from 1024 on with --port"
        else:
            said = f"{host} cannot be listened on ({error.strerror or error})"
        raise UsageError(said) from error
    return opened


def port_of(sockets: list[socket.socket]) -> int:
    """The port that sockets listen on."""
    return int(sockets[0].getsockname()[1])


def run(site: Starlette, sockets: list[socket.socket]) -> None:
    """Answer requests until the program is interrupted."""
    import uvicorn

    config = uvicorn.Config(
        site, http="h11", ws="none", lifespan="off", loop="asyncio", log_level="critical", access_log=False,
        server_header=False, proxy_headers=False, limit_concurrency=CONNECTIONS, timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=sockets)
    except KeyboardInterrupt:
        pass  # it has shut down already: the signal is raised once more after that
    finally:
        for one in sockets:
            one.close()
