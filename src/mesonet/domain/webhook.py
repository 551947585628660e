"""Webhooks: which addresses may be called, and how a call is signed.

Whoever subscribes names the address. It must not lead the system to where only the system can go: private networks, the machine
itself, the cloud's metadata (OWASP, "Server Side Request Forgery Prevention").
"""

from hashlib import sha256
from hmac import digest
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import inet_aton, inet_ntoa
from urllib.parse import urlsplit

PORTS = (443, 8443)
LONGEST_ADDRESS = 2000
_TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 behind NAT64 (RFC 6052)


def endpoint_fault(address: str) -> str | None:
    """Why an address can be no webhook, by what is written; what it resolves to is looked at when it is called."""
    try:
        parts = urlsplit(address)
        port = parts.port or 443
    except ValueError:
        return "it is no address"
    if parts.scheme != "https" or not parts.hostname or len(address) > LONGEST_ADDRESS:
        return "it is no https address"
    if parts.username or parts.password or parts.fragment:
        return "it has a user, a password or a fragment in it"
    if port not in PORTS:
        return f"its port is none of {', '.join(map(str, PORTS))}"
    if not address.isascii() or any(character <= " " for character in address):
        return "it has characters that must be encoded"
    written = _written(parts.hostname)
    return None if written is None or is_public(written) else "it is no public address"


def _written(host: str) -> str | None:
    """The IP address that a host is, None for a name. To resolvers 2130706433, 0177.0.0.1 and 0x7f.1 are 127.0.0.1."""
    try:
        return inet_ntoa(inet_aton(host))
    except OSError:
        pass
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; an IPv4 address within an IPv6 one counts as what it is."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _TRANSLATED:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 of `<timestamp>.<body>`, hexadecimal; the timestamp in seconds since 1970."""
    return "sha256=" + digest(secret.encode(), str(timestamp).encode() + b"." + body, sha256).hex()
