"""The report's page on claims that were checked, as one file with nothing beside it."""

from collections.abc import Sequence

from emtheory.reports.catalogue.claim_document import claim_document
from emtheory.reports.catalogue.entry import judge
from emtheory.reports.catalogue.examined import Examined, examined
from emtheory.reports.certificates.certify import certify
from emtheory.reports.checking.checking import Checked
from emtheory.reports.decide.verdict import INCONCLUSIVE
from emtheory.reports.render.html import render_html
from emtheory.reports.report.document import printable, report_document
from emtheory.reports.report.extras import EXTRAS, Extras
from emtheory.reports.report.own import described
from emtheory.reports.report.run import run_data


def check_page(checked: Sequence[Checked]) -> str:
    """Return the report's page on claims that were checked, with nothing beside it."""
    entries, heading = described([(each.path, each.claim) for each in checked])
    found = {each.claim.id: each for each in checked}
    verdicts = judge(entries, [_examined(found[claim.id]) for entry in entries for claim in entry.claims])
    run = run_data(verdicts, sum(each.record.seconds for each in checked), {}, ())
    document = report_document(verdicts, (), Extras(), run, left_out=EXTRAS, about=heading)
    return render_html(printable(document), {}, files=False)


def _examined(checked: Checked) -> Examined:
    if checked.verdict is None:
        raise ValueError(f"{checked.claim.id}: no evidence")
    decided = checked.verdict.outcome != INCONCLUSIVE
    certificate = certify(checked.claim, checked.verdict) if decided else None
    content = {"document": claim_document(checked.claim, checked.verdict), "certificate": certificate}
    return examined(checked.claim, content, checked.record.seconds)
