"""`sample/` as a user deploys it, from a copy of the repository and onto AWS's stand-in."""

import json
import logging
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headwater_local import aws_client
from terraform.command import REPOSITORY, terraform

_log = logging.getLogger(__name__)

# Said in a file that Terraform lays over the sample's own: the sample itself knows no stand-in.
_OVERRIDE = """
provider "aws" {{
  s3_use_path_style = true
}}

module "headwater" {{
  {settings}
  writer = {{ window_seconds = 1, tracking_plan = "{plan}" }}

  # There is no container engine here, and what runs in place of the image are the tests.
  prebuilt = {{
    writer_image_uri = "000000000000.dkr.ecr.us-east-1.amazonaws.com/headwater-writer:1.0.0"
  }}
}}
"""


@dataclass(frozen=True)
class Difference:
    """An attribute that a plan would change, and where."""

    address: str
    attribute: str


class Deployment:
    """One stack of the sample, by its name."""

    def __init__(self, name: str, endpoint: str, folder: Path, settings: str = "") -> None:
        self.name = name
        self._sample = folder / name / "sample"
        self._environment = aws_client.environment(endpoint)
        _copy_sources(folder / name)
        plan = REPOSITORY / "tests" / "terraform" / "plans" / "good.yaml"
        override = _OVERRIDE.format(settings=settings, plan=plan)
        (self._sample / "stand_in_override.tf").write_text(override)
        self._run("init")

    def apply(self) -> int:
        """Make the stack and return how many resources were made."""
        return self._change("apply", r"Resources: (\d+) added, 0 changed, 0 destroyed")

    def destroy(self) -> int:
        """Take the stack away and return how many resources were destroyed."""
        return self._change("destroy", r"Resources: (\d+) destroyed")

    def outputs(self) -> dict[str, str]:
        """Return the outputs that are text."""
        outputs = json.loads(self._run("output", "-json"))
        return {name: output["value"] for name, output in outputs.items()}

    def differences(self) -> set[Difference]:
        """Return what another apply would change."""
        self._run("plan", "-out=second.tfplan", f"-var=name={self.name}")
        plan = json.loads(self._run("show", "-json", "second.tfplan"))
        return {
            Difference(change["address"], attribute)
            for change in plan["resource_changes"]
            if change["mode"] == "managed"
            for attribute in _changed(change["change"])
        }

    def _change(self, command: str, summary: str) -> int:
        said = self._run(command, "-no-color", "-auto-approve", f"-var=name={self.name}")
        [count] = re.findall(summary, said)
        _log.info("%s of %s: %s resources", command, self.name, count)
        return int(count)

    def _run(self, *arguments: str) -> str:
        return terraform(self._sample, *arguments, environment=self._environment)


def _changed(change: dict[str, Any]) -> list[str]:
    before, after = change["before"], change["after"]
    if before is None or after is None:
        return ["/".join(change["actions"])]
    return [name for name in after if after[name] != before.get(name)]


def _copy_sources(target: Path) -> None:
    ignored = shutil.ignore_patterns(".terraform*", "build", "*.tfstate*", "__pycache__")
    for folder in ("terraform", "sample", "lambdas/api", "lambdas/contract"):
        shutil.copytree(REPOSITORY / folder, target / folder, ignore=ignored)
    for file in ("requirements.txt", "pyproject.toml", "browser-sdk/dist/headwater.js"):
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / file, target / file)
