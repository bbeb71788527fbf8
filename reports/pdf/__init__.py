"""The report as PDF, typeset by Typst without network: prose and formulas, the document, the compiler."""
