# SPDX-License-Identifier: ISC
"""The part of the table of scenarios where many meet at one address.

The names nNN below such a domain have a mail server each, all of them at the
domain's own address; batch.py asks for them.
"""

from model import Host, Scenario as S
from words import AUTH, EE, TLS, UNTOLD

COUNT = 8       # names


def records(address, more=()):
    return [each for label in [f"n{i:02}" for i in range(COUNT)] + [*more]
            for each in ((label, "MX", f"10 mx-{label}"),
                         (f"mx-{label}", "A", address))]


def crowd(name, what, address, more=()):
    """Its name is that of the servers' behaviour."""
    return S(name, what, Host(smtp=name, address=address), "STARTTLS_OK:ok",
             records=records(address, more), exo=TLS, rfc=TLS, status="ok",
             turns=True)


def names(name):
    return [f"n{i:02}.{name}.example" for i in range(COUNT)]


def hosts(behaviour, address, count):
    return [Host(name=f"mx{i}", pref=i, smtp=behaviour, address=address)
            for i in range(1, count + 1)]


CROWDS = [
    S("two-at-once", "six names of one address, where two may come at once",
      hosts("two-at-once", "127.53.10.1", 6), "STARTTLS_OK:ok", exo=TLS,
      rfc=TLS, status="ok", must_not="SMTP_TEMPORARY", turns=True),
    S("busy-for-a-second", "421 as long as somebody comes again at once",
      hosts("busy-for-a-second", "127.53.10.2", 3), "STARTTLS_OK:ok", exo=TLS,
      rfc=TLS, status="ok", must_not="SMTP_TEMPORARY", turns=True),
    S("starttls-close-once", "closes instead of answering STARTTLS, once",
      Host("3 1 1", smtp="starttls-close-once"), EE, exo=AUTH, rfc=AUTH,
      status="ok", must_not="STARTTLS_IGNORED", turns=True),
    S("handshake-close-once", "closes after 220, once",
      Host("3 1 1", smtp="handshake-close-once"), EE, exo=AUTH, rfc=AUTH,
      status="ok", must_not="TLS_HANDSHAKE_FAILED", turns=True),
    S("tls-one-at-once", "no TLS as long as somebody else has it",
      Host("3 1 1", smtp="tls-one-at-once"), EE, exo=AUTH, rfc=AUTH,
      status="ok", must_not="STARTTLS_REFUSED", turns=True),
    crowd("one-at-once", "421 to whoever is the second", "127.53.10.3"),
    crowd("one-at-once-554", "554 to whoever is the second", "127.53.10.5"),
    crowd("one-at-once-refused", "nobody listens while one is there",
          "127.53.10.6"),
    S("tls-twelve", "TLS for twelve sessions in a row",
      Host(smtp="tls-twelve", address="127.53.10.8"), "STARTTLS_OK:ok",
      exo=TLS, rfc=TLS, status="ok", turns=True),
    S("greylists", "450 at the greeting, for ever",
      Host(smtp="greylists", address="127.53.10.9"), "SMTP_TEMPORARY:unknown",
      turns=True, records=records("127.53.10.9"), **UNTOLD),
    S("ehlo-silent", "a greeting, and then nothing",
      Host(smtp="ehlo-silent", address="127.53.10.7"), "SMTP_TIMEOUT:unknown",
      records=records("127.53.10.7"), slow=True, turns=True,
      args=["--timeout", "3"], **UNTOLD),
    # "late": the first question for its MX gets lost, see dnsd.py.
    crowd("slow-greeting", "a greeting after two seconds", "127.53.10.4",
          ["late"]),
]
