"""Certificates: what is recorded, as files, and the verifier that searches for nothing."""
