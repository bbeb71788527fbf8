"""What the commands do, one module each; the options are in `emtheory.reports.program`, which imports them when run."""
