"""Actors that take turns at one baton, in virtual time.

The code under test knows nothing of it: an actor is a greenlet, so a call anywhere below it can
hand the baton on in the middle of what would wait for the network.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from greenlet import GreenletExit, getcurrent, greenlet

if TYPE_CHECKING:
    from collections.abc import Callable

    from headwater_local.lambda_service.event_source.fakes import ManualClock
    from simulation.choices import Choices
    from simulation.story import Story


class Actor:
    """A line of execution; ``wake_at`` is when it can go on, in seconds since the epoch."""

    def __init__(self, name: str, run: Callable[[], None], hub: greenlet, wake_at: float) -> None:
        self.name = name
        self.wake_at = wake_at
        self.waiting: Actor | None = None
        self.thread = greenlet(run, parent=hub)

    @property
    def finished(self) -> bool:
        """Whether it ran to its end."""
        return bool(self.thread.dead)


class Scheduler:
    """Runs actors one at a time: which one goes next is drawn, and time moves when all wait."""

    def __init__(self, choices: Choices, clock: ManualClock, story: Story) -> None:
        self._choices = choices
        self._clock = clock
        self._story = story
        self._began_at = clock.now()
        self._hub = getcurrent()
        self._actors: list[Actor] = []
        self._current: Actor | None = None

    @property
    def current(self) -> Actor:
        """The actor whose turn it is."""
        assert self._current is not None, "nobody's turn"
        return self._current

    def start(self, name: str, run: Callable[[], None]) -> Actor:
        """Let another actor take part from now on."""
        actor = Actor(name, run, self._hub, self._clock.now())
        self._actors.append(actor)
        return actor

    def tell(self, text: Callable[[], str]) -> None:
        """Note what the current actor does."""
        self._story.tell(self._clock.now() - self._began_at, self.current.name, text)

    def pause(self) -> None:
        """Let others go first, or not."""
        self._hub.switch()

    def sleep(self, seconds: float) -> None:
        """Let time pass for the current actor."""
        self.current.wake_at = self._clock.now() + seconds
        self._hub.switch()

    def park(self) -> None:
        """Stop until unparked."""
        self.sleep(inf)

    def unpark(self, actor: Actor) -> None:
        """Let an actor go on now if it is parked."""
        if actor.wake_at == inf:
            actor.wake_at = self._clock.now()

    def join(self, actor: Actor, seconds: float) -> bool:
        """Wait for an actor's end, at most for a time; return whether it came."""
        if not actor.finished:
            actor.waiting = self.current
            self.sleep(seconds)
            actor.waiting = None
        return actor.finished

    def run(self, turns: int) -> bool:
        """Run until all that is left are parked actors; return whether ``turns`` sufficed."""
        for _ in range(turns):
            ready = self._ready()
            if not ready:
                return True
            self._give_turn(self._choices.of(ready))
        return False

    def stop(self) -> None:
        """End the actors that are left where they are."""
        for actor in self._actors:
            if actor.thread:
                actor.thread.throw(GreenletExit)

    def _ready(self) -> list[Actor]:
        now = self._clock.now()
        ready = [actor for actor in self._actors if actor.wake_at <= now]
        if ready or not self._actors:
            return ready
        next_at = min(actor.wake_at for actor in self._actors)
        if next_at == inf:
            return []
        self._clock.seconds = next_at
        return [actor for actor in self._actors if actor.wake_at <= next_at]

    def _give_turn(self, actor: Actor) -> None:
        self._current = actor
        actor.thread.switch()
        if actor.finished:
            self._actors.remove(actor)
            if actor.waiting is not None:
                actor.waiting.wake_at = self._clock.now()
