"""A stack as Terraform made it, or would make it: its functions and tasks, policies and names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from iam.needs import Owner
from terraform.made import Json, of_kind, resources

POLLER: Final = "poller"
"""The role of the poller's task, which is no function's."""

CLUSTER: Final = "cluster"
"""The role of the job on the Spark cluster, likewise."""

ROLES: Final = (
    *("archive", "canary", CLUSTER, "collector", "committer", "counts", "history", "history-api"),
    *("maintenance", POLLER, "replay", "reports", "writer"),
)

_POLICIES: Final = {POLLER: "poll", CLUSTER: "write-as-cluster"}
"""Names of the policies of roles that are no function's."""

_CONSUMERS: Final = {"counts", "history", "writer"}

_FUNCTION: Final = ".aws_lambda_function.function"


@dataclass(frozen=True)
class Stack:
    """The root module of a state, as Terraform's JSON has it.

    A function, and its role, are known by the function's name without the stack's.
    """

    module: Json

    @property
    def functions(self) -> set[str]:
        """All functions."""
        names = of_kind(self.module, "aws_lambda_function", "function_name")
        return {name.removeprefix(self.key("")) for name in names}

    def settings(self, role: str) -> dict[str, str]:
        """Return the environment that a function is given."""
        function = self._of(role, "aws_lambda_function")
        variables: dict[str, str] = function["environment"][0]["variables"]
        return variables

    def key(self, role: str) -> str:
        """Return the access key by which the recording knows a role: its function's name."""
        return f"{self.stream['name'].removesuffix('events')}{role}"

    def policy(self, role: str) -> dict[str, Any]:
        """Return the policy document of a role."""
        if name := _POLICIES.get(role):
            found = of_kind(self.module, "aws_iam_role_policy", "name")[name]
        else:
            found = self._of(role, "aws_iam_role_policy")
        document: dict[str, Any] = json.loads(found["policy"])
        return document

    @property
    def has_poller(self) -> bool:
        """Whether something is polled."""
        return _POLICIES[POLLER] in of_kind(self.module, "aws_iam_role_policy", "name")

    @property
    def poller(self) -> dict[str, str]:
        """The environment that the poller's one task is given, without its secrets."""
        tasks = of_kind(self.module, "aws_ecs_task_definition", "family")
        [task] = [task for name, task in tasks.items() if name.startswith(self.key(POLLER))]
        [container] = json.loads(task["container_definitions"])
        return {each["name"]: each["value"] for each in container["environment"]}

    @property
    def poller_secret(self) -> str:
        """The ARN of the one secret that the poller may read."""
        [arn] = self._granted(POLLER)["Secrets"]
        return arn

    @property
    def has_cluster(self) -> bool:
        """Whether there is a Spark cluster."""
        return _POLICIES[CLUSTER] in of_kind(self.module, "aws_iam_role_policy", "name")

    @property
    def cluster(self) -> dict[str, str]:
        """The environment that the driver of the job on the cluster is given."""
        [machine] = of_kind(self.module, "aws_sfn_state_machine", "name").values()
        run = json.loads(machine["definition"])["States"]["Start"]["Parameters"]
        [settings] = run["ConfigurationOverrides"]["ApplicationConfiguration"]
        prefix = "spark.emr-serverless.driverEnv."
        return {
            name.removeprefix(prefix): value
            for name, value in settings["Properties"].items()
            if name.startswith(prefix)
        }

    @property
    def cluster_log_group(self) -> str:
        """The ARN of the cluster's log group."""
        groups = of_kind(self.module, "aws_cloudwatch_log_group", "name")
        return str(groups[f"/aws/emr-serverless/{self.key(CLUSTER)}"]["arn"])

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
        return Owner(str(self.stream["arn"].split(":")[4]), self.stream["name"], self.workgroup)

    @property
    def workgroup(self) -> str:
        """The name of Athena's workgroup."""
        [name] = of_kind(self.module, "aws_athena_workgroup", "name")
        return str(name)

    @property
    def bucket(self) -> str:
        """The name of the data bucket."""
        return self.settings("writer")["WAREHOUSE"].split("/")[2]

    @property
    def consumers(self) -> set[str]:
        """The functions that a mapping gives what the stream holds."""
        return self.functions & _CONSUMERS

    @property
    def key_arn(self) -> str | None:
        """The ARN of the KMS key of the deployer's own, if there is one."""
        arn = str(self.stream["kms_key_id"])
        return arn if arn.startswith("arn:") else None

    def fan_out(self, role: str) -> list[str]:
        """Return the ARN of the consumer that sends a function its batches, if there is one."""
        consumers = of_kind(self.module, "aws_kinesis_stream_consumer", "name")
        return [found["arn"] for name, found in consumers.items() if name == self.key(role)]

    def failed_bucket(self, role: str) -> str:
        """Return the name of the bucket for what a consumer's mapping gave up on."""
        [resource] = self._granted(role)["FailedBatches"]
        return resource.split(":::")[1].split("/")[0]

    @property
    def tables(self) -> list[Json]:
        """The tables of DynamoDB: the history's, if it is kept."""
        return list(of_kind(self.module, "aws_dynamodb_table", "name").values())

    @property
    def database(self) -> str:
        """The name of the database."""
        return self.settings("writer")["GLUE_DATABASE"]

    @property
    def deployment_event(self) -> Json:
        """What a deployment invokes the writer with: the views to keep."""
        [invocation] = of_kind(self.module, "aws_lambda_invocation", "function_name").values()
        event: Json = json.loads(invocation["input"])
        return event

    @property
    def topic(self) -> str:
        """The ARN of the topic for failures."""
        return self.settings("writer")["FAILURES_TOPIC_ARN"]

    @property
    def offers_queue(self) -> str:
        """The name of the queue that the writer offers on."""
        return self.settings("writer")["OFFERS_QUEUE_URL"].rpartition("/")[2]

    @property
    def sources(self) -> list[str]:
        """The folders of S3, as URIs, that a backfill may read."""
        arns = self._granted("replay").get("BackfillObjects", [])
        return [f"s3://{arn.removeprefix('arn:aws:s3:::').removesuffix('*')}" for arn in arns]

    @property
    def plan(self) -> Json:
        """The object that holds the tracking plan."""
        objects = of_kind(self.module, "aws_s3_object", "key")
        return next(found for key, found in objects.items() if key.startswith("tracking_plans/"))

    def _granted(self, role: str) -> dict[str, list[str]]:
        return {each["Sid"]: each["Resource"] for each in self.policy(role)["Statement"]}

    def _of(self, role: str, kind: str) -> Mapping[str, Any]:
        """Return what the module that makes a function has of a kind."""
        found = {each["address"]: each["values"] for each in resources(self.module)}
        [module] = [
            address.removesuffix(_FUNCTION)
            for address, values in found.items()
            if address.endswith(_FUNCTION) and values["function_name"] == self.key(role)
        ]
        values: Mapping[str, Any] = found[f"{module}.{kind}.function"]
        return values
