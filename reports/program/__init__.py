"""The commands and their options, one module for commands of a kind; what a command does is imported when it runs."""
