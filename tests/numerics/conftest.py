"""Property tests here run quadratures: no deadline for one example, whatever else the machine does."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
