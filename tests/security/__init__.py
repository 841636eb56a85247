"""Every trick that is known against the app, played on real servers: `python -m tests.security`."""
