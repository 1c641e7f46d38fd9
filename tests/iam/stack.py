"""A stack as Terraform made it, or would make it: its functions, their policies and their names."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from iam.needs import Owner
from terraform.made import Json, of_kind, resources

ROLES: Final = ("collector", "writer", "maintenance", "replay")

_FUNCTION: Final = r"module\.{}(\[0\])?\.module\.function\.{}\.function"


@dataclass(frozen=True)
class Stack:
    """The root module of a state, as Terraform's JSON has it."""

    module: Json

    def settings(self, role: str) -> dict[str, str]:
        """Return the environment that a function is given."""
        variables: dict[str, str] = self._function(role)["environment"][0]["variables"]
        return variables

    def key(self, role: str) -> str:
        """Return the access key by which the recording knows a function: its name."""
        return str(self._function(role)["function_name"])

    def policy(self, role: str) -> dict[str, Any]:
        """Return the policy document of a function's role."""
        document: dict[str, Any] = json.loads(self._of(role, "aws_iam_role_policy")["policy"])
        return document

    def log_group(self, role: str) -> str:
        """Return the ARN of a function's log group."""
        return str(self._of(role, "aws_cloudwatch_log_group")["arn"])

    @cached_property
    def stream(self) -> Json:
        """The stream."""
        return next(iter(of_kind(self.module, "aws_kinesis_stream", "name").values()))

    @property
    def region(self) -> str:
        """The region of everything."""
        return str(self.stream["arn"].split(":")[3])

    @property
    def owner(self) -> Owner:
        """Whose everything is."""
        return Owner(str(self.stream["arn"].split(":")[4]), self.stream["name"])

    @property
    def bucket(self) -> str:
        """The name of the data bucket."""
        return self.settings("writer")["WAREHOUSE"].split("/")[2]

    @property
    def database(self) -> str:
        """The name of the database."""
        return self.settings("writer")["GLUE_DATABASE"]

    @property
    def topic(self) -> str:
        """The ARN of the topic for failures."""
        return self.settings("writer")["FAILURES_TOPIC_ARN"]

    @property
    def plan(self) -> Json:
        """The object that holds the tracking plan."""
        objects = of_kind(self.module, "aws_s3_object", "key")
        return next(found for key, found in objects.items() if key.startswith("tracking_plans/"))

    @property
    def backfill_sources(self) -> list[str]:
        """The folders that a backfill may read, each with the slash at its end."""
        statements = self.policy("replay")["Statement"]
        [objects] = [each for each in statements if each["Sid"] == "BackfillObjects"]
        return [each.replace("arn:aws:s3:::", "s3://")[:-1] for each in objects["Resource"]]

    def _function(self, role: str) -> Json:
        return self._of(role, "aws_lambda_function")

    def _of(self, role: str, kind: str) -> Mapping[str, Any]:
        address = re.compile(_FUNCTION.format(role, kind))
        [found] = [each for each in resources(self.module) if address.fullmatch(each["address"])]
        values: Mapping[str, Any] = found["values"]
        return values
