"""What the kernel says of a decided claim, as plain data."""

from emtheory.reports.kernel.check import check_claim
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.rocq_program import KernelError
from emtheory.theory.claim import Claim

ACCEPTED, NOT_ACCEPTED, NOT_EXPORTED = "accepted", "not accepted", "not exported"


def seen(claim: Claim, *, refuted: bool) -> dict[str, str]:
    """Have the kernel check a claim; ``outcome`` with its reason is `ACCEPTED`, `NOT_ACCEPTED` or `NOT_EXPORTED`.

    That it is not accepted says nothing against the claim. CannotAnswerError if Rocq is not installed.
    """
    try:
        receipt = check_claim(None, claim, refuted=refuted)
    except NotExportedError as error:
        return {"outcome": NOT_EXPORTED, "reason": str(error)}
    except KernelError as error:
        return {"outcome": NOT_ACCEPTED, "reason": str(error)}
    return {"outcome": ACCEPTED, "reason": f"Rocq {receipt.rocq}, {sum(receipt.axioms.values())} axioms"}
