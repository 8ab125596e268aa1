"""Who answers under a name: resolved, dialled and verified by this machine's own TLS, before a browser goes there.

A browser says of a certificate it refuses only that it does. Here chain, name and validity are verified by OpenSSL, and
of one that fails the certificate itself is looked at, over a second connection on which nothing is said.

Source: RFC 5280 for certificates, RFC 9525 for names in them; x509_vfy.h of OpenSSL for the numbers of its errors.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace

from cryptography import x509

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import Unreachable
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.ccass.facts import Answered, Certificate, Trust

Resolve = Callable[[str, int], Sequence[tuple[str, int]]]
"""Host name and port to the hosts and ports to dial; raises OSError where there are none."""
TRUST = {
    9: Trust.NOT_YET_VALID,
    10: Trust.EXPIRED,
    18: Trust.UNKNOWN_ISSUER,
    19: Trust.UNKNOWN_ISSUER,
    20: Trust.UNKNOWN_ISSUER,
    21: Trust.UNKNOWN_ISSUER,
    62: Trust.WRONG_NAME,
}
"""OpenSSL's X509_V_ERR_…: certificate not yet valid, has expired; self-signed, alone or in the chain; issuer not found,
locally or at the leaf; host name mismatch."""


def system_resolver(name: str, port: int) -> tuple[tuple[str, int], ...]:
    """Return the addresses the system finds for a name, each once, in its order.

    Raises:
        OSError: there are none.
    """
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys((str(address[0]), int(address[1])) for *_, address in found))


def look(
    endpoint: Endpoint,
    *,
    timeout_s: float,
    resolve: Resolve = system_resolver,
    authority: bytes | None = None,
    source_address: str = "",
) -> Answered:
    """Return who answers under an endpoint's name; a certificate that is not to be trusted is a result.

    Args:
        endpoint: host name and port.
        timeout_s: how long each address may take.
        resolve: finds the addresses.
        authority: the one authority to trust, PEM; None for the system's.
        source_address: the line's own address to dial from.

    Raises:
        Unreachable: the name is unknown, no address answers, or what answers speaks no TLS.
    """
    try:
        found = tuple(resolve(endpoint.host, endpoint.port))
    except OSError as error:
        raise transport.NameUnknown(
            str(endpoint),
            expected="an address for the name",
            came=f"no such host: {error.strerror or error}",
            next_step="look at the name server: at a change of site it must answer anew",
        ) from error
    addresses = tuple(f"{host}:{port}" for host, port in found)
    refused: Unreachable | None = None
    for host, port in found:
        at = replace(endpoint, host=host, port=port, published=endpoint.address)
        try:
            answered = _verified(endpoint, at, timeout_s, authority, source_address)
        except Unreachable as error:
            refused = refused or error
            continue
        return replace(answered, addresses=addresses)
    assert refused is not None, "a name without an address is unknown"
    raise refused


def _verified(
    endpoint: Endpoint, at: Endpoint, timeout_s: float, authority: bytes | None, source_address: str
) -> Answered:
    context = ssl.create_default_context(cadata=authority.decode() if authority else None)
    try:
        peer, der = _shaken(at, context, endpoint.host, timeout_s, source_address)
    except ssl.SSLCertVerificationError as error:
        trust = TRUST.get(error.verify_code, Trust.UNTRUSTED)
        told = error.verify_message
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            peer, der = _shaken(at, context, endpoint.host, timeout_s, source_address)
        except OSError as again:
            raise _no_tls(at, again) from again
        return Answered(endpoint, (), peer, trust, told, certificate(der))
    except OSError as error:
        raise _no_tls(at, error) from error
    return Answered(endpoint, (), peer, Trust.TRUSTED, certificate=certificate(der))


def _shaken(
    at: Endpoint, context: ssl.SSLContext, name: str, timeout_s: float, source_address: str
) -> tuple[str, bytes]:
    """Return the far end and the certificate it sent; the connection is closed, nothing having been said on it."""
    until = Deadline.after(timeout_s)
    line = transport.connect(at, until, source_address)
    with contextlib.closing(line.socket):
        line.socket.settimeout(max(until.left_s(), 0.001))
        with context.wrap_socket(line.socket, server_hostname=name) as secured:
            der = secured.getpeercert(binary_form=True)
    assert der is not None, "a TLS server has a certificate"
    return line.peer, der


def _no_tls(at: Endpoint, error: OSError) -> Unreachable:
    return Unreachable(
        str(at),
        expected="a web server that speaks TLS",
        came=str(error.strerror or error),
        next_step="ask whose service stands at that address; it may also have gone away just now",
    )


def certificate(der: bytes) -> Certificate:
    """Return what a certificate says."""
    parsed = x509.load_der_x509_certificate(der)
    names: tuple[str, ...] = ()
    with contextlib.suppress(x509.ExtensionNotFound):
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = tuple(str(each) for each in extension.value.get_values_for_type(x509.DNSName))
    return Certificate(
        subject=parsed.subject.rfc4514_string(),
        issuer=parsed.issuer.rfc4514_string(),
        names=names,
        begins=f"{parsed.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
        ends=f"{parsed.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
        sha256=hashlib.sha256(der).hexdigest(),
    )
