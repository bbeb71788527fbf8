"""Verdicts, certificates, reports and the command line."""
