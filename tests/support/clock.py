"""An event loop whose clock jumps over every wait: minutes of waiting in no time, in the same order each time."""

import asyncio
import functools
import inspect
import selectors


class _Skipping(selectors.DefaultSelector):
    """Waits for nothing: time goes on as far as the loop would have waited."""

    now = 0.0

    def select(self, timeout=None):
        if timeout:
            self.now += timeout
        return super().select(0)


class SkippingLoop(asyncio.SelectorEventLoop):
    """Use it where nothing outside of the process is waited for."""

    def __init__(self):
        self._clock = _Skipping()
        super().__init__(self._clock)

    def time(self):
        return self._clock.now


def run(coroutine):
    """Run to the end on such a loop."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(coroutine)


def skip_waits(module):
    """Let every test of a module run on such a loop: the last line of the module, with its `globals()`."""
    for name, test in list(module.items()):
        if name.startswith("test_") and inspect.iscoroutinefunction(test):
            module[name] = _skipping(test)


def _skipping(test):
    @functools.wraps(test)
    def running(*given, **named):
        run(test(*given, **named))

    return running
