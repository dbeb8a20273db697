# SPDX-License-Identifier: ISC
"""Short words for the scenario table: what many of its rows have in common."""

from model import Host, Scenario as S

KEYED = "v=DKIM1; k=rsa; p=" \
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0W2SwKIeT5u3fGI0NICE" \
    "Y+iR81ExD5wiqfXPGnUd2im6eExJqNo03eR0uPRF+bcdifHol+TwA1/ofQBmA8Nb" \
    "IsWGQod6MMV79D2Ni7+kusWFGzebUZlntG1sUmtIFl2ZfrKGE8KAlmCBDNqUpAc5" \
    "DdsaKZ5BtHHjkfOsm1GqiHDdcMndhvOogVx138xhHqkyHlKeNZeJJhfnT/bV8GB1" \
    "Syd1p+8NeoCA86RXr820jF3BZATYdFtxHynXry5vDfeanm/BsomcX7akXSuHxaVd" \
    "0XFqnpYzv7badK4qbb4DXgmYmZ7Yp+/nOdiYwXqiXYrzYAC1dDv6l0SM9OcYfgGi" \
    "JwIDAQAB"
# A TXT record holds strings of at most 255 octets.
KEY_TXT = " ".join(f'"{KEYED[i:i + 200]}"'
                   for i in range(0, len(KEYED), 200))
GOOD = "DNSSEC_SECURE:ok MX_FOUND:ok TLSA_FOUND:ok STARTTLS_OK:ok"
EE = GOOD + " DANE_EE_MATCH:ok"
TA = GOOD + " DANE_TA_MATCH:ok CERT_OK:ok"
AUTH = "delivered-authenticated"
TLS, CLEAR = "delivered-encrypted", "delivered-cleartext"
BLOCKED = "DANE_ALL_HOSTS_FAIL:fail"
UNTOLD = {"exo": "unknown", "rfc": "unknown", "exits": 3,
          "status": "unknown"}


def healthy(name, what, hosts, must=EE, **more):
    """A domain that nobody may call broken."""
    return S(name, what, hosts, **{**dict(
        must=must, exo=AUTH, rfc=AUTH, code="", status="ok", exits=0),
        **more})


def broken(name, what, hosts, must, code, rfc="deferred", **more):
    """Mail is deferred with one of the codes, and returned after a day."""
    return S(name, what, hosts, must, exo="deferred", rfc=rfc, code=code,
             status="fail", exits=1, **more)


def bogus(name, what, must, tamper, hosts=None, **more):
    """A chain of trust that does not hold: 5.7.324."""
    zone = {"tamper": tamper} if isinstance(tamper, list) else tamper
    return broken(name, what, hosts or Host("3 1 1"), must, "5.7.324",
                  zone=zone, **more)
