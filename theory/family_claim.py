"""Claims on families beside the tied mixtures, as the catalogue writes them; controls are written the same way."""

from collections.abc import Mapping

from emtheory.theory.claim import Claim

Ranges = Mapping[str, tuple[str, str]]


def two_means(identifier: str, statement: str, for_all: Ranges | None = None, title: str = "", **values: str) -> Claim:
    """Return a claim on the family ``two-means``, at values that may use variables of `for_all`."""
    return _claim("two-means", identifier, statement, for_all, title, values)


def three_means(
    identifier: str, statement: str, values: Mapping[str, str], for_all: Ranges | None = None, title: str = ""
) -> Claim:
    """Return a claim on the family ``three-means``; otherwise as `two_means`."""
    return _claim("three-means", identifier, statement, for_all, title, values)


def _claim(
    family: str, identifier: str, statement: str, for_all: Ranges | None, title: str, values: Mapping[str, str]
) -> Claim:
    ranges = dict(for_all or {})
    return Claim(identifier, statement, k=(), family=family, for_all=ranges, values=dict(values), title=title)
