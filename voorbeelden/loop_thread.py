"""One event loop in one thread, for as long as its owner wants it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class LoopClosed(RuntimeError):
    """The loop has ended; nothing can be run on it any more."""


class LoopThread:
    """A loop that runs in a daemon thread. Every method may be called from any thread."""

    def __init__(self, name: str) -> None:
        self._loop = new_loop()
        self._closed = False
        self._roots: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()
        """The tasks that no other task began; whoever began another one ends it."""
        self._loop.set_task_factory(self._new_task)
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    def _new_task(
        self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
    ) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **options)
        if asyncio.current_task(loop) is None:
            self._roots.add(task)
        return task

    @property
    def closed(self) -> bool:
        """Whether ``close`` was called."""
        return self._closed

    @property
    def here(self) -> bool:
        """Whether the caller runs on this loop's own thread, where waiting would be a deadlock."""
        return threading.current_thread() is self._thread

    def call_soon(self, function: Callable[..., object], *arguments: Any) -> None:
        """Calls ``function`` on the loop, soon."""
        self._loop.call_soon_threadsafe(function, *arguments)

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Runs a coroutine on the loop; cancelling the future cancels it.

        Raises:
            LoopClosed: it was closed.
        """
        if self._closed:
            coroutine.close()
            raise LoopClosed("the loop is closed")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def hop(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine that must run on this loop; may be awaited on any loop."""
        if self.here:
            return await coroutine
        return await asyncio.wrap_future(self.submit(coroutine))

    def close(self, last: Callable[[], Coroutine[Any, Any, None]], seconds: float) -> bool:
        """Ends every task, runs ``last`` on the loop, and ends it; false when it was closed.

        The tasks at the root are cancelled, and they end what they began: a save that they began,
        even now, is finished. What has not ended after half of ``seconds`` is cancelled too. Waits
        at most ``seconds`` for all of it, and as long for the thread.
        """
        with self._lock:
            if self._closed:
                return False
            ending = self.submit(self._finish(last, seconds))
            self._closed = True
        with contextlib.suppress(concurrent.futures.TimeoutError):
            ending.result(seconds)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(seconds)
        return True

    async def _finish(self, last: Callable[[], Coroutine[Any, Any, None]], seconds: float) -> None:
        for task in _others() & set(self._roots):
            task.cancel()
        await _all_ended(seconds / 2, cancel=False)
        await _all_ended(seconds / 4, cancel=True)
        await last()


async def _all_ended(seconds: float, *, cancel: bool) -> None:
    """Waits for every other task, also for those that begin meanwhile."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    while (others := _others()) and (left := until - clock()) > 0:
        if cancel:
            for task in others:
                task.cancel()
        await asyncio.wait(others, timeout=left)


def _others() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


def new_loop() -> asyncio.AbstractEventLoop:
    """uvloop's where there is one: about a quarter less CPU when many answers stream at once."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
