"""Claims on families beside the tied mixtures, as the catalogue writes them."""

from collections.abc import Mapping

from emtheory.theory.claim import HOLDS, REFUTED, Claim

Ranges = Mapping[str, tuple[str, str]]


def two_means(identifier: str, statement: str, for_all: Ranges | None = None, title: str = "", **values: str) -> Claim:
    """Return a claim on the family ``two-means`` that must hold, at values that may use variables of `for_all`."""
    return _claim("two-means", identifier, statement, for_all, title, values, HOLDS)


def two_means_control(
    identifier: str, statement: str, for_all: Ranges | None = None, title: str = "", **values: str
) -> Claim:
    """Return a claim on the family ``two-means`` that must be refuted; otherwise as `two_means`."""
    return _claim("two-means", identifier, statement, for_all, title, values, REFUTED)


def three_means(
    identifier: str, statement: str, values: Mapping[str, str], for_all: Ranges | None = None, title: str = ""
) -> Claim:
    """Return a claim on the family ``three-means`` that must hold; otherwise as `two_means`."""
    return _claim("three-means", identifier, statement, for_all, title, values, HOLDS)


def three_means_control(
    identifier: str, statement: str, values: Mapping[str, str], for_all: Ranges | None = None, title: str = ""
) -> Claim:
    """Return a claim on the family ``three-means`` that must be refuted; otherwise as `two_means`."""
    return _claim("three-means", identifier, statement, for_all, title, values, REFUTED)


def _claim(
    family: str,
    identifier: str,
    statement: str,
    for_all: Ranges | None,
    title: str,
    values: Mapping[str, str],
    expect: str,
) -> Claim:
    return Claim(
        id=identifier,
        statement=statement,
        k=(),
        family=family,
        for_all=dict(for_all or {}),
        values=dict(values),
        expect=expect,
        title=title,
    )
