"""Starts the demo server: ``python -m voorbeelden.demo``."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import threading
from collections.abc import Coroutine
from typing import Any

from voorbeelden.demo import catalogue
from voorbeelden.demo import spec as spec_module
from voorbeelden.demo.server import DemoServer
from voorbeelden.demo.spec import DemoSpec, SpecError


def main() -> None:
    options = _parser().parse_args()
    try:
        spec = DemoSpec.parse(options.profile)
    except SpecError as error:
        raise SystemExit(f"bad --profile: {error}") from None
    if options.exit_with_stdin:
        # Ctrl-C reaches the whole process group; the parent decides when this child ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _run(_serve(spec, options.host, options.port, options.exit_with_stdin))
    except KeyboardInterrupt:
        return


_EPILOG = """Behaviour per call: /p/<spec>/v1/chat/completions.

{spec}
{catalogue}"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m voorbeelden.demo",
        description="An OpenAI-compatible server with hand-written Dutch answers.",
        epilog=_EPILOG.format(spec=spec_module.__doc__, catalogue=catalogue.__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (%(default)s)")
    parser.add_argument("--port", type=int, default=8399, help="0 takes a free one (%(default)s)")
    parser.add_argument(
        "--profile", default="demo", metavar="SPEC", help="spec of plain /v1 (%(default)s)"
    )
    parser.add_argument(
        "--exit-with-stdin", action="store_true", help="stop when standard input closes"
    )
    return parser


def _run(main: Coroutine[Any, Any, None]) -> None:
    """On uvloop when it is installed."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


async def _serve(spec: DemoSpec, host: str, port: int, exit_with_stdin: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    if exit_with_stdin:
        # A thread, because a pipe on Windows cannot be watched by the loop; daemon, because a
        # read on an open pipe never returns.
        threading.Thread(target=_wait_for_eof, args=(loop, stop), name="stdin", daemon=True).start()
    async with DemoServer(spec).listening(host, port) as bound:
        print(json.dumps({"port": bound}), flush=True)
        await stop.wait()


def _wait_for_eof(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(0, 4096):
        pass
    loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    main()
