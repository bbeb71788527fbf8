"""The main job: the catalogue examined stage by stage, and the report on it written."""
