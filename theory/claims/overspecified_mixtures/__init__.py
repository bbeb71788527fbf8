"""The paper itself."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="The paper (2025)",
    reference="arXiv 2506.11850, as its summary puts it",
    scope="Everything its summary states.",
    not_judged="Nothing of the summary is left out; proofs of the paper itself are not read.",
)
