from hypothesis import settings

# An example that is slow on a busy machine is not a failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
