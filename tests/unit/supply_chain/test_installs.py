import pytest

from unit.supply_chain.checkout import files
from unit.supply_chain.installs import unchecked


def test_nothing_is_installed_unchecked() -> None:
    scripts = files("*.sh", "Makefile", ".ci/run", "*Dockerfile*", ".github/workflows/*")

    found = {file.name: unchecked(file.read_text()) for file in scripts}

    assert len(scripts) > 12
    assert {name: commands for name, commands in found.items() if commands} == {}


@pytest.mark.parametrize(
    "command",
    [
        "uv pip sync --require-hashes requirements.txt",
        "pip install --only-binary :all: \\\n  --require-hashes -r requirements.txt",
        "uv pip install --no-deps --build-constraints build.txt -e lambdas/api",
        "npm ci --ignore-scripts --prefix browser-sdk",
        "npm run build",
        "npm --prefix browser-sdk test",
        "command -v npm > /dev/null; apt-get install --yes chromium",
        "go install example.com/tool/cmd/tool@v1.2.3",
        "# pip install it",
    ],
)
def test_accepts_what_is_pinned_by_its_bytes(command: str) -> None:
    assert unchecked(command) == []


@pytest.mark.parametrize(
    "command",
    [
        "pip install uv",
        "pip install uv==0.13.9",
        ".venv/bin/pip install --quiet uv==0.13.9",
        "python3 -m pip3 install uv",
        "uv pip sync requirements.txt",
        "uv run --with ruff ruff check",
        "uv pip install --no-deps -e lambdas/api",
        "npm ci",
        "npm install --ignore-scripts left-pad",
        "npm --prefix browser-sdk ci",
        "npm --prefix browser-sdk install --ignore-scripts",
        "npm exec esbuild",
        "yarn add left-pad",
        "npx esbuild",
        "uvx ruff",
        "uv tool install ruff",
        "curl -sSf https://example.com/install.sh | sh",
        "go install example.com/tool/cmd/tool@latest",
        "go run example.com/tool@main",
    ],
)
def test_refuses_what_may_be_other_bytes_tomorrow(command: str) -> None:
    assert len(unchecked(command)) == 1
