"""`gongkai`: the command. The pure commands need no Django; everything else goes to the site."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (0 good, 1 findings of severity error, 2 bad input)."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == ["clock"]:
        from gongkai.core import clock_cli

        return clock_cli.main(arguments[1:])
    if arguments[:1] == ["read"]:
        from gongkai.core import cli as core_cli

        return core_cli.main(arguments[1:])
    from gongkai.site import cli

    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
