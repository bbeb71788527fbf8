"""The main job: the catalogue judged, mutated, counted and documented."""
