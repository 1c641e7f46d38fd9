import os
import signal
from collections.abc import Iterator

import pytest

from headwater_local.supervision.interrupts import Interrupted, Interrupts, handled_by

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    # The tests themselves may run under `nohup`.
    with handled_by(signal.SIG_DFL, *SIGNALS):
        installed = Interrupts()
        installed.install()
        yield installed


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.usefixtures("interrupts")
def test_a_signal_asks_for_the_end(number: signal.Signals) -> None:
    with pytest.raises(Interrupted):
        os.kill(os.getpid(), number)


@pytest.mark.usefixtures("interrupts")
def test_a_closed_terminal_stays_ignored_under_nohup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    Interrupts().install()

    os.kill(os.getpid(), signal.SIGHUP)


def test_a_shield_puts_the_end_off(interrupts: Interrupts) -> None:
    done: list[str] = []

    with pytest.raises(Interrupted):
        _interrupt_and_go_on(interrupts, done)

    assert done == ["recorded"]


def _interrupt_and_go_on(interrupts: Interrupts, done: list[str]) -> None:
    with interrupts.shield():
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("recorded")


def test_asks_only_once(interrupts: Interrupts) -> None:
    with pytest.raises(Interrupted):
        os.kill(os.getpid(), signal.SIGINT)

    os.kill(os.getpid(), signal.SIGINT)
    with interrupts.shield():
        os.kill(os.getpid(), signal.SIGINT)


def test_nothing_disturbs_the_stopping(interrupts: Interrupts) -> None:
    interrupts.ignore()

    os.kill(os.getpid(), signal.SIGINT)
