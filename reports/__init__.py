"""Verdicts, certificates, reports, the command line, and the verbs that `import emtheory` offers."""
