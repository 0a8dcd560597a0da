"""The two faces put together: settings, addresses, commands, demo worlds."""
