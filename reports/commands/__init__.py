"""What the commands do, one module each; `reports.cli` holds their options and imports them when they are run."""
