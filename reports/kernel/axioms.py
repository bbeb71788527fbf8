"""The axioms that a proof may rest on: those of Rocq's real numbers, and of its machine arithmetic.

The first are classical logic: every statement on real numbers in Rocq uses them. The others say what the processor's
integers, floats and arrays compute, which CoqInterval's enclosures are computed with; they are trusted as the kernel's
own implementation of these is. Every name is listed, so that nothing else of the same modules is let through.
"""

from collections.abc import Mapping

_MODULES: Mapping[str, Mapping[str, str]] = {
    "classical real numbers": {
        "ClassicalDedekindReals": "sig_forall_dec sig_not_dec",
        "FunctionalExtensionality": "functional_extensionality_dep",
        "Classical_Prop": "classic",
    },
    "classical logic of mathcomp": {
        "boolp": "constructive_indefinite_description functional_extensionality_dep propositional_extensionality"
    },
    "machine integers": {
        "PrimInt63": (
            "add addc addcarryc addmuldiv asr compare div diveucl diveucl_21 divs eqb head0 int land leb "
            "lesb lor lsl lsr ltb lxor mod mul mulc sub subc subcarryc tail0"
        ),
        "Uint63": (
            "add_spec addc_def_spec addcarryc_def_spec addmuldiv_def_spec compare_def_spec div_spec "
            "diveucl_21_spec diveucl_def_spec eqb_correct eqb_refl head0_spec land_spec leb_spec lor_spec "
            "lsl_spec lsr_spec ltb_spec lxor_spec mod_spec mul_spec mulc_spec of_to_Z sub_spec subc_def_spec "
            "subcarryc_def_spec tail0_spec"
        ),
        "Sint63": "asr_spec div_spec leb_spec",
    },
    "machine floats": {
        "PrimFloat": (
            "abs add classify compare div eqb float frshiftexp ldshiftexp ltb mul next_down next_up "
            "normfr_mantissa of_uint63 opp sqrt sub"
        ),
        "FloatAxioms": (
            "Prim2SF_SF2Prim Prim2SF_valid SF2Prim_Prim2SF abs_spec add_spec classify_spec compare_spec "
            "div_spec eqb_spec frshiftexp_spec ldshiftexp_spec ltb_spec mul_spec next_down_spec next_up_spec "
            "normfr_mantissa_spec of_uint63_spec opp_spec sqrt_spec sub_spec"
        ),
    },
    "machine arrays": {"PArray": "array get length"},
}
"""Group → module of the standard library → names in it, as ``Print Assumptions`` writes them."""

GROUPS: Mapping[str, frozenset[str]] = {
    group: frozenset(f"{module}.{name}" for module, names in modules.items() for name in names.split())
    for group, modules in _MODULES.items()
}
"""Group → names of axioms."""


def group_of(name: str) -> str | None:
    """Return the group of an axiom, or None if it is not allowed."""
    return next((group for group, names in GROUPS.items() if name in names), None)
