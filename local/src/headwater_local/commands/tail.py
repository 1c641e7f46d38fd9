"""``headwater tail``: messages as they come, accepted or refused."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import time
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from headwater_local.commands.options import INTERRUPTED, DataDirOption, OutputsOption
from headwater_local.data_dir import DEFAULT, DataDir

if TYPE_CHECKING:
    from headwater_local.doctor.stack import Stack
    from headwater_local.tail.following import Following
    from headwater_local.tail.wanted import Wanted


def tail(  # noqa: PLR0913, PLR0917 -- its options
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only messages of this type, such as track.")
    ] = None,
    events: Annotated[
        list[str] | None, typer.Option("--event", help="Only this event, such as page_view.")
    ] = None,
    refused: Annotated[
        bool, typer.Option("--refused", help="Only what was refused, or failed later.")
    ] = False,
    minutes: Annotated[
        float, typer.Option(min=0, help="Begin with messages from this many minutes ago.")
    ] = 0,
    count: Annotated[
        int | None, typer.Option("--count", "-n", min=1, help="End after this many messages.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for each.")] = False,
    outputs: OutputsOption = None,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Show messages as they come: accepted, refused or failed, why, and where on the stream."""
    from botocore.exceptions import BotoCoreError

    from headwater_local.doctor.stack import deployed_stack, local_stack
    from headwater_local.errors import TailError
    from headwater_local.tail.wanted import Wanted

    stack = deployed_stack(outputs.read()) if outputs else local_stack(DataDir.at(data_dir))
    wanted = Wanted(types or (), events or (), only_trouble=refused)
    try:
        for seen in islice(_following(stack, wanted, minutes).messages(), count):
            typer.echo(seen.json if as_json else seen.text)
    except BotoCoreError as error:
        raise TailError(f"AWS cannot be reached ({error}): log in, and set AWS_REGION.") from error
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _following(stack: "Stack", wanted: "Wanted", minutes: float) -> "Following":
    from headwater_local.lambda_service.event_source.kinesis_stream import KinesisStream
    from headwater_local.tail.failures import FailuresTail
    from headwater_local.tail.following import Following
    from headwater_local.tail.stream import StreamTail

    since = time.time() - minutes * 60
    return Following(
        StreamTail(KinesisStream(stack.client("kinesis"), stack.stream), stack.stream, since),
        FailuresTail(stack.client("s3"), stack.bucket, since),
        wanted,
        notice=partial(typer.echo, err=True),
        is_there=stack.data_dir.running_ports if stack.data_dir else lambda: None,
        now=time.time,
        sleep=time.sleep,
    )
