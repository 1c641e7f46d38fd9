"""A sink that ``up --sinks`` can switch on."""

from collections.abc import Callable
from dataclasses import dataclass

from headwater_local.supervision.run import Run
from headwater_local.supervision.supervisor import Supervisor


@dataclass(frozen=True)
class Sink:
    """A sink: what to do before the route starts, and after.

    ``prepare`` makes on the AWS stand-in what Terraform makes on AWS. ``start`` starts the
    processes and returns when an event that is sent would be handled; their parts are listed in
    ``supervision.run.SINKS``.
    """

    prepare: Callable[[Run], None]
    start: Callable[[Run, Supervisor], None]
