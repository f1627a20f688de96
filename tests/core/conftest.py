"""Property tests have no time limit per example: a busy machine is not a wrong number."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
