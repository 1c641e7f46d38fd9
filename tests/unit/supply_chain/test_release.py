import json
from pathlib import Path

import pytest

from release_script import release_script

release = release_script()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Sources of version 1.2.3, and nothing in them."""
    for folder in (".", "local", "lambdas/api", "browser-sdk"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (tmp_path / "browser-sdk" / "pyproject.toml").unlink()
    (tmp_path / "browser-sdk" / "package.json").write_text(json.dumps({"version": "1.2.3"}))
    (tmp_path / "CHANGELOG.md").write_text("## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n")
    return tmp_path


def test_takes_a_tag_that_all_sources_agree_with(sources: Path) -> None:
    assert release.version_of(sources, "v1.2.3") == "1.2.3"


def test_finds_the_version_in_every_part_of_the_repository() -> None:
    stated = dict(release.stated_versions(release.REPOSITORY))

    assert set(stated) == {
        "pyproject.toml",
        "local/pyproject.toml",
        "lambdas/api/pyproject.toml",
        "lambdas/contract/pyproject.toml",
        "lambdas/documents/pyproject.toml",
        "lambdas/sinks/pyproject.toml",
        "lambdas/poller/pyproject.toml",
        "lambdas/reports/pyproject.toml",
        "lambdas/spark_writer/pyproject.toml",
        "browser-sdk/package.json",
    }
    assert len(set(stated.values())) == 1


@pytest.mark.parametrize("tag", ["1.2.3", "v1.2.4", "v1.2", "v1.2.3-rc1"])
def test_refuses_another_tag(sources: Path, tag: str) -> None:
    with pytest.raises(release.ReleaseError, match=r"lambdas/api/pyproject.toml says 1\.2\.3"):
        release.version_of(sources, tag)


def test_says_which_source_was_forgotten(sources: Path) -> None:
    (sources / "browser-sdk" / "package.json").write_text(json.dumps({"version": "1.2.2"}))

    with pytest.raises(release.ReleaseError, match=r"but browser-sdk/package.json says 1\.2\.2:"):
        release.version_of(sources, "v1.2.3")


@pytest.mark.parametrize("changelog", ["## [Unreleased]\n", "## [1.2.3]\n", "## [11203] - 2026\n"])
def test_refuses_a_version_that_the_changelog_has_not(sources: Path, changelog: str) -> None:
    (sources / "CHANGELOG.md").write_text(changelog)

    with pytest.raises(release.ReleaseError, match=r"lacks a `## \[1.2.3\] - YYYY-MM-DD`"):
        release.version_of(sources, "v1.2.3")


def test_every_bundle_of_the_sdk_is_released() -> None:
    built = {path.name for path in (release.REPOSITORY / "browser-sdk" / "dist").iterdir()}

    assert built == set(release.BUNDLES)
