"""How far a long computation is, on standard error: a bar on a terminal, elsewhere a line now and then."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

import click

INTERVAL_SECONDS = 30
"""Between two lines where there is no terminal. A choice: more of them fill the log of a CI job, fewer leave its reader
in doubt whether anything still happens."""


@contextmanager
def progress(total: int, what: str, *, alike: bool = True) -> Iterator[Callable[[], None]]:
    """Yield a function to call whenever one of `total` things, called `what`, is done.

    If they do not take alike, the long ones come first, and the time left is less than that at the pace so far: it is
    told where it is no more than the time that passed, for at first it would be hours.
    """
    if sys.stderr.isatty():
        with click.progressbar(length=total, label=what, file=sys.stderr, show_pos=True, show_eta=alike) as bar:
            yield lambda: bar.update(1)
        return
    done, told, when = 0, 0, (began := monotonic())

    def advance() -> None:
        nonlocal done, told, when
        done += 1
        now = monotonic()
        if now - when >= INTERVAL_SECONDS and done < total:
            # The pace since the last line: what a store knew already went by in no time.
            left = (now - when) * (total - done) / (done - told)
            text = f"{what}: {done} of {total} after {timedelta(seconds=round(now - began))}"
            if alike or left <= now - began:
                text += f", {'about' if alike else 'at most'} {timedelta(seconds=round(left))} left"
            click.echo(text, err=True)
            told, when = done, now

    yield advance


@contextmanager
def keeping(what: Callable[[], str]) -> Iterator[None]:
    """Say of an interruption by Ctrl-C what is kept of what was done."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(what()) from None


@contextmanager
def waiting(what: Callable[[], str]) -> Iterator[None]:
    """Say now and then, on standard error, how far a computation is that may take long over a single thing."""
    finished, began = Event(), monotonic()

    def tell() -> None:
        while not finished.wait(INTERVAL_SECONDS):
            click.echo(f"{what()} after {timedelta(seconds=round(monotonic() - began))}", err=True)

    teller = Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        finished.set()
        teller.join()
