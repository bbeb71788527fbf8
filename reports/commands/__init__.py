"""What the commands do, one module each; the options are in `emtheory.reports.cli`, which imports them when run."""
