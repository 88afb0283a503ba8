"""Which host names mean this machine.

What is refused because of them does not belong here: see `node.loopback_guard` and ``tuning-node serve``.
"""

from ipaddress import AddressValueError, IPv4Address

LOOPBACK_NAMES = frozenset({"localhost", "::1"})


def is_loopback(name: str) -> bool:
    """Say whether a host name or address means this machine and nothing else."""
    plain = name.strip("[]").casefold()
    if plain in LOOPBACK_NAMES:
        return True
    try:
        # "127.example.org" is a name that anybody may own.
        return IPv4Address(plain).is_loopback
    except AddressValueError:
        return False
