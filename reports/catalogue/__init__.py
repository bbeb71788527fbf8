"""The catalogue: its statements judged, mutated and documented."""
