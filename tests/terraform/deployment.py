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
from terraform.made import Json
from terraform.stand_in import POLLER_IMAGE, WRITER_IMAGE

PLANS = REPOSITORY / "tests" / "terraform" / "plans"

_log = logging.getLogger(__name__)

# Said in a file that Terraform lays over the sample's own: the sample itself knows no stand-in.
_OVERRIDE = """
provider "aws" {{
  s3_use_path_style = true
}}

module "headwater" {{
  {settings}
  writer = {{ window_seconds = 1, tracking_plan = "{plan}" }}

  prebuilt = {prebuilt}
}}
"""

# There is no container engine here, and what runs in place of the images are the tests.
_READY_IMAGES = f'{{ writer_image_uri = "{WRITER_IMAGE}", poller_image_uri = "{POLLER_IMAGE}" }}'


@dataclass(frozen=True)
class Difference:
    """An attribute that a plan would change, and where."""

    address: str
    attribute: str


class Deployment:
    """One stack of the sample, by its name."""

    def __init__(
        self,
        name: str,
        endpoint: str,
        folder: Path,
        settings: str = "",
        *,
        sources: Path = REPOSITORY,
        prebuilt: str = _READY_IMAGES,
    ) -> None:
        self.name = name
        self._copy = folder / name
        self._sample = self._copy / "sample"
        self._environment = aws_client.environment(endpoint)
        self._settings = settings
        self._prebuilt = prebuilt
        self.take_up(sources)

    def take_up(self, sources: Path) -> None:
        """Deploy the repository in another folder from now on: another version of it."""
        _copy_sources(sources, self._copy)
        override = _OVERRIDE.format(
            settings=self._settings, plan=PLANS / "good.yaml", prebuilt=self._prebuilt
        )
        (self._sample / "stand_in_override.tf").write_text(override)
        self._run("init")

    def apply(self) -> int:
        """Make the stack and return how many resources were made."""
        return self._change("apply", r"Resources: (\d+) added, 0 changed, 0 destroyed")

    def upgrade(self) -> int:
        """Make the stack what the version taken up last says; return how many were destroyed."""
        return self._change("apply", r"Resources: \d+ added, \d+ changed, (\d+) destroyed")

    def destroy(self) -> int:
        """Take the stack away and return how many resources were destroyed."""
        return self._change("destroy", r"Resources: (\d+) destroyed")

    def outputs(self) -> dict[str, str]:
        """Return the outputs that are text."""
        outputs = json.loads(self._run("output", "-json"))
        return {name: output["value"] for name, output in outputs.items()}

    def made(self) -> Json:
        """Return the root module of its state."""
        module: Json = json.loads(self._run("show", "-json"))["values"]["root_module"]
        return module

    def differences(self) -> set[Difference]:
        """Return what another apply would change."""
        return {
            Difference(change["address"], attribute)
            for change in self._planned()
            for attribute in _changed(change["change"])
        }

    def doomed(self) -> set[str]:
        """Return the addresses of what another apply would delete, to make it anew or for good."""
        return {
            change["address"]
            for change in self._planned()
            if "delete" in change["change"]["actions"]
        }

    def _planned(self) -> list[dict[str, Any]]:
        self._run("plan", "-out=next.tfplan", f"-var=name={self.name}")
        plan = json.loads(self._run("show", "-json", "next.tfplan"))
        return [change for change in plan["resource_changes"] if change["mode"] == "managed"]

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


def _copy_sources(sources: Path, target: Path) -> None:
    ignored = shutil.ignore_patterns(".terraform*", "build", "*.tfstate*", "__pycache__")
    # What a version no longer has must not stay behind; what Terraform left in `sample` must.
    website = "local/src/headwater_local/website/demo"
    for folder in ("terraform", "browser-sdk/dist", "docs", "lambdas", website):
        shutil.rmtree(target / folder, ignore_errors=True)
        shutil.copytree(sources / folder, target / folder, ignore=ignored)
    shutil.copytree(sources / "sample", target / "sample", ignore=ignored, dirs_exist_ok=True)
    for file in ("requirements.txt", "pyproject.toml"):
        shutil.copy(sources / file, target / file)
