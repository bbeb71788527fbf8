"""pytest collects ``*claims.toml``: each claim is a test. Nothing else of this package is imported until one is found.

Options of the ini file: ``emtheory_require`` is the weakest evidence that counts (proved, certified, supported or
observed), by default certified. A claim that is inconclusive fails: it cannot pass by not being decided.

Markers, for ``-m``: ``emtheory`` on every claim; ``emtheory_control`` on those that must be refuted; and one of
``emtheory_proved``, ``emtheory_certified``, ``emtheory_supported``, ``emtheory_observed``, the strongest level that the
claim can reach, by what it speaks about.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emtheory.numerics.level import KERNEL, LEVELS, REQUIRABLE, REQUIRED

if TYPE_CHECKING:
    from emtheory.theory.claim import Claim

_SUFFIX = "claims.toml"
_MARKERS = {
    "emtheory": "a claim of a claims.toml file",
    "emtheory_control": "a claim that must be refuted",
    **{f"emtheory_{level}": f"a claim that can be {level} at best" for level in LEVELS},
}
_PROPERTY = "emtheory_verdict"


class ClaimFailure(Exception):  # noqa: N818 - it is a failed test, not an error
    """A claim that did not come out as expected; its text is for the reader."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options of the ini file."""
    parser.addini("emtheory_require", "weakest evidence that counts for claims", default=REQUIRED)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and check the options."""
    for name, meaning in _MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    require = config.getini("emtheory_require")
    if require not in REQUIRABLE:
        raise pytest.UsageError(f"emtheory_require = {require!r}: valid are {', '.join(REQUIRABLE)}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ClaimsFile | None":
    """Collect a claims file."""
    return ClaimsFile.from_parent(parent, path=file_path) if file_path.name.endswith(_SUFFIX) else None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many claims were checked, whatever else was tested."""
    reports = [report for group in terminalreporter.stats.values() for report in group if _is_claim(report)]
    if reports:
        passed = sum(report.passed for report in reports)
        terminalreporter.write_line(f"emtheory: {len(reports)} claims checked, {passed} as expected")


def _is_claim(report: object) -> bool:
    properties = getattr(report, "user_properties", ())
    return getattr(report, "when", "") == "call" and any(name == _PROPERTY for name, _ in properties)


class ClaimsFile(pytest.File):
    """A file of claims."""

    def collect(self) -> Iterator["ClaimItem"]:
        """Yield a test for each claim; a malformed or empty file is an error."""
        from emtheory.numerics.errors import InputError
        from emtheory.reports.checking.claims_file import load_claims

        try:
            claims = load_claims(self.path)
        except InputError as error:
            raise self.CollectError(str(error)) from None
        if not claims:
            raise self.CollectError(f"{self.path}: the file has no [[claim]]")
        for claim in claims:
            item: ClaimItem = ClaimItem.from_parent(self, name=claim.id, claim=claim)
            yield item


class ClaimItem(pytest.Item):
    """A claim as a test."""

    def __init__(self, *, claim: "Claim", **options: Any) -> None:
        from emtheory.reports.decide.claim import reachable_level

        super().__init__(**options)
        self.claim = claim
        self.add_marker("emtheory")
        self.add_marker(f"emtheory_{reachable_level(claim)}")
        if claim.expect == "refuted":
            self.add_marker("emtheory_control")

    def runtest(self) -> None:
        """Check the claim; `ClaimFailure` if it does not come out as expected."""
        from emtheory.numerics.errors import InputError
        from emtheory.reports.checking.check_text import details, headline, word
        from emtheory.reports.checking.checking import Checked, seen_by_kernel
        from emtheory.reports.checking.record import record_of
        from emtheory.reports.decide.claim import decide_claim

        require = self.config.getini("emtheory_require")
        self.user_properties.append((_PROPERTY, "malformed"))
        try:
            verdict = decide_claim(self.claim)
        except InputError as error:
            raise ClaimFailure(f"{self.path}:{self.claim.line}: claim {self.claim.id!r}: {error}") from None
        record = record_of(verdict, require)
        self.user_properties[-1] = (_PROPERTY, record.verdict)
        self.user_properties += [("level", record.level or ""), ("margin", record.margin or "")]
        if require == KERNEL:
            record = seen_by_kernel(self.claim, record)
        if not record.ok:
            lines = [f"{word(record)} {headline(record)}"]
            lines += [f"     {line}" for line in details(Checked(self.path, self.claim, record, verdict))]
            raise ClaimFailure("\n".join(lines))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what the checker says; a traceback only for what is not a failed claim."""
        return str(excinfo.value) if excinfo.errisinstance(ClaimFailure) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return file, line (counted from 0) and name."""
        return self.path, None if self.claim.line is None else self.claim.line - 1, f"claim {self.name}"
