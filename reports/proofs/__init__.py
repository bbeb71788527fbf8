"""Derivations from outside: which changes of them and of their source are noticed, and the page on them."""
