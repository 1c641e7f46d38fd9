"""docs/operations.md has a cause and a first action for every alarm, and for nothing else."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
ALARMS_TF = (REPOSITORY / "terraform/modules/monitoring/alarms.tf").read_text()
ALARMS_MD = (REPOSITORY / "docs/operations.md").read_text().split("## ")[1]


def test_every_alarm_has_a_cause_and_a_first_action() -> None:
    alarms = re.findall(r"(?m)^    ([a-z-]+) = \{$", ALARMS_TF)
    of_its_own = r'alarm_name += "\$\{var\.name\}-([a-z-]+?)(?:-\$\{each\.key\})?"'
    alarms += re.findall(of_its_own, ALARMS_TF)
    rows = re.findall(r"(?m)^\| (`[^|]+) \| [^|]+ \| [^|]+ \|$", ALARMS_MD)

    explained = [name for row in rows for name in re.findall(r"`([a-z-]+)`", row)]

    assert len(alarms) > 10
    assert sorted(explained) == sorted(alarms)
