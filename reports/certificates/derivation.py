"""A derivation as a certificate and the report have it: its steps with their checks, or the one that fails."""

from typing import Any

from emtheory.theory.derivations import derive
from emtheory.theory.errors import DerivationError


def derived(name: str, k: int | None) -> dict[str, Any]:
    """Derive a statement, for every k if it is None; return its document, or the ``error`` of the step that fails."""
    try:
        return derive(name, k).as_json()
    except DerivationError as error:
        return {"k": k, "error": str(error)}
