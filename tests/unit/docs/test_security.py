"""docs/security.md promises tests and settings: all of them are there."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
PAGE = (REPOSITORY / "docs" / "security.md").read_text()

# `file::test`, where a test that is still to be named is `folder/<test>`.
TESTS = [
    tuple(name.split("::"))
    for name in re.findall(r"`((?:tests|browser-sdk)/[^`\n<]+::[^`\n<]+)`", PAGE)
]
FILES = re.findall(r"`((?:scripts|\.github)/[^`\n<]+)`", PAGE)
SETTINGS = re.findall(r"`((?:collector|stream|writer|lake|queries|monitoring)\.\w+)`", PAGE)


def _declares(text: str, test: str) -> bool:
    forms = (
        rf"\bdef {re.escape(test)}\(",
        rf'run "{re.escape(test)}"',
        rf'test\("{re.escape(test)}"',
    )
    return any(re.search(form, text) for form in forms)


@pytest.mark.parametrize(("file", "test"), TESTS)
def test_every_test_is_there(file: str, test: str) -> None:
    assert _declares((REPOSITORY / file).read_text(), test)


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_there(file: str) -> None:
    assert (REPOSITORY / file).is_file()


@pytest.mark.parametrize("setting", sorted(set(SETTINGS)))
def test_every_setting_is_an_input_of_the_module(setting: str) -> None:
    group, name = setting.split(".")
    variables = (REPOSITORY / "terraform" / "variables.tf").read_text()
    [block] = re.findall(rf'(?ms)^variable "{group}" \{{.*?^\}}', variables)

    assert re.search(rf"(?m)^    {name}\s+= ", block)


def test_every_threat_has_a_mitigation_and_a_proof() -> None:
    section = PAGE.split("## Threats and mitigations")[1].split("\n## ")[0]
    threats = [line for line in section.splitlines() if line.startswith("- ")]

    assert len(threats) > 40
    assert [each for each in threats if not re.fullmatch(r"- \*\*.+\*\*: .+\. `.+`", each)] == []
