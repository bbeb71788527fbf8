"""Claims as propositions of Rocq, with proofs that its kernel checks (docs/kernel.md)."""
