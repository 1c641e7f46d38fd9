import pytest

from unit.supply_chain.checkout import files
from unit.supply_chain.dockerfile import unpinned

DIGEST = "sha256:" + "0123456789abcdef" * 4


def test_every_image_that_is_built_upon_is_named_by_its_digest() -> None:
    dockerfiles = files("*Dockerfile*")

    assert dockerfiles
    assert {file: unpinned(file.read_text()) for file in dockerfiles} == {
        file: [] for file in dockerfiles
    }


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"FROM python:3.13@{DIGEST}",
        f"FROM --platform=linux/arm64 python@{DIGEST} AS build\nFROM build\nCOPY --from=build /a /",
        f"ARG BASE=python:3.13@{DIGEST}\nFROM ${{BASE}}",
        f"FROM python@{DIGEST}\nFROM scratch\nCOPY --from=0 /a /a",
        f'ARG BASE="python:3.13@{DIGEST}"\nFROM $BASE',
    ],
)
def test_accepts_a_digest(dockerfile: str) -> None:
    assert unpinned(dockerfile) == []


@pytest.mark.parametrize(
    ("dockerfile", "image"),
    [
        ("FROM python:3.13", "python:3.13"),
        ("from python", "python"),
        ("FROM --platform=linux/arm64 python:3.13 AS build", "python:3.13"),
        ("ARG BASE=python:3.13\nFROM ${BASE}", "python:3.13"),
        ("ARG BASE=python:3.13\nFROM $BASE AS build", "python:3.13"),
        ("ARG BASE\nFROM ${BASE}", "${BASE}"),
        (f"ARG TAG=3.13\nFROM python:${{TAG}}@{DIGEST[:-1]}", f"python:3.13@{DIGEST[:-1]}"),
        (f"FROM python@{DIGEST}\nCOPY --from=busybox:1 /bin/sh /bin/sh", "busybox:1"),
        (f"FROM python@{DIGEST}\nRUN --mount=type=bind,from=busybox,target=/b /b/sh", "busybox"),
    ],
)
def test_refuses_what_may_be_another_image_tomorrow(dockerfile: str, image: str) -> None:
    assert unpinned(dockerfile) == [image]
