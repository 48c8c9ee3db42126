"""The server on this machine's own address: its socket, and its life until it is interrupted."""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING, Final

from sim.errors import UsageError

if TYPE_CHECKING:
    from starlette.applications import Starlette

HOST: Final = "127.0.0.1"
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


def listening(port: int) -> socket.socket:
    """A socket on a port of this machine's own address; port 0 is any free one. Raises UsageError."""
    if not 0 <= port <= MAX_PORT:
        raise UsageError(f"--port is {port}, allowed is 1 to {MAX_PORT}, or 0 for any free one")
    try:
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # a port that was left a moment ago; elsewhere it would allow a second server
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((HOST, port))
            opened.listen(CONNECTIONS)
        except OSError:
            opened.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            said = f"port {port} of {HOST} is in use; give another with --port, or 0 for any free one"
        elif error.errno == errno.EACCES:
            said = f"port {port} of {HOST} may not be opened; give one from 1024 on with --port"
        else:
            said = f"{HOST} cannot be listened on ({error.strerror or error})"
        raise UsageError(said) from error
    return opened


def port_of(opened: socket.socket) -> int:
    """The port that a socket listens on."""
    return int(opened.getsockname()[1])


def run(site: Starlette, opened: socket.socket) -> None:
    """Answer requests until the program is interrupted."""
    import uvicorn

    config = uvicorn.Config(
        site, http="h11", ws="none", lifespan="off", loop="asyncio", log_level="critical", access_log=False,
        server_header=False, proxy_headers=False, limit_concurrency=CONNECTIONS, timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[opened])
    except KeyboardInterrupt:
        pass  # it has shut down already: the signal is raised once more after that
    finally:
        opened.close()
