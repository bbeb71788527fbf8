"""Claims files checked: selection, processes, cache, lock and what people are told."""
