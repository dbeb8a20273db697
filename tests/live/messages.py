# SPDX-License-Identifier: ISC
"""The part of the table of scenarios that has a received message, or guesses.

The message of a row is messages/NAME.eml.
"""
import os

from dkim import filled, key_at, m365, worst
from model import Host, Said, Scenario as S
from words import AUTH, KEY_TXT
from zones import Zone

HERE = os.path.dirname(os.path.abspath(__file__))
BROKEN_KEY = '"v=DKIM1; p=xyz"'


def message(name):
    return ["--message", os.path.join(HERE, "messages", name + ".eml")]


def row(name, what, dkim, records=(), args=None, **more):
    dkim = {selector: filled(said, name + ".example")
            for selector, said in dkim.items()}
    return S(name, what, [Host("3 1 1")], records=list(records), dkim=dkim,
             args=message(name) if args is None else args,
             **{"exo": AUTH, "rfc": AUTH, "code": "", **worst(dkim), **more})


def mailer(name, *records):
    zone = Zone(name + "-esp.example.", signed=False)
    for each in records:
        zone.add(*each)
    return [zone]


MESSAGES = [
    row("msg-aligned", "a message that the domain has signed",
        {"s1": "OK:ok ALIGNED:ok",
         None: Said("RESULT:note",
                    words="mx.receiver.example said dkim=pass")},
        [key_at("s1")], must_not="DKIM_NOT_ALIGNED DKIM_MESSAGE_UNSIGNED "
        "DKIM_SIGNATURE_UNUSABLE DKIM_NOT_ASKED DKIM_ALIGNMENT_UNKNOWN"),
    row("msg-unsigned", "a message that nobody has signed",
        {None: Said("MESSAGE_UNSIGNED:warn", words=[
            "dkim=none (message not signed)", "within one organization"])},
        must_not="DKIM_RESULT DKIM_NOT_ASKED DKIM_NOT_ALIGNED DKIM_ALIGNED"),
    row("msg-unsigned-required", "the same where DKIM is required",
        {None: "MESSAGE_UNSIGNED:fail"}, args=message("msg-unsigned"),
        judge_args=["--require", "dkim"]),
    row("msg-mailer", "signed by a mailer whose key is gone, and the domain",
        {"m1": "SELECTOR_MISSING:warn", "s1": "OK:ok ALIGNED:ok"},
        [key_at("s1")], extra=mailer("msg-mailer"),
        must_not="DKIM_NOT_ALIGNED DKIM_RESULT"),
    row("msg-foreign", "signed by a mailer for itself",
        {"m1": "OK:ok", None: Said(
            "NOT_ALIGNED:warn", words="signed by msg-foreign-esp.example")},
        extra=mailer("msg-foreign", key_at("m1")), must_not="DKIM_ALIGNED"),
    row("msg-relaxed", "signed by a subdomain",
        {"s1": Said("OK:ok ALIGNED:ok", words="of the same organization")},
        [("s1._domainkey.mail", "TXT", KEY_TXT),
         ("_dmarc", "TXT", '"v=DMARC1; p=reject"')],
        must_not="DKIM_NOT_ALIGNED DKIM_ALIGNMENT_UNKNOWN"),
    row("msg-strict", "the same where the policy demands the same domain",
        {"s1": "OK:ok", None: Said("NOT_ALIGNED:warn", words="adkim=s")},
        [("s1._domainkey.mail", "TXT", KEY_TXT),
         ("_dmarc", "TXT", '"v=DMARC1; p=reject; adkim=s"')],
        must_not="DKIM_ALIGNED"),
    row("msg-sha1", "a signature with SHA-1",
        {"s1": Said("OK:ok SIGNATURE_UNUSABLE:warn", words="a=rsa-sha1")},
        [key_at("s1")], must_not="DKIM_ALIGNED DKIM_NOT_ALIGNED"),
    row("msg-hostile", "a header made to be printed",
        {"s1": "OK:ok SIGNATURE_UNUSABLE:warn", None: Said(
            "RESULT:note SIGNATURE_UNUSABLE:warn", words="dkim=pass")},
        [key_at("s1")]),
    m365("msg-initial", "signed with the initial domain", Said("", words=""),
         Said("", words=""), [], keyed=[
             "selector1-laboratory-onmicrosoft-com._domainkey.laboratory."
             "onmicrosoft.com."],
         both=Said("DEFAULT_SIGNING:warn NOT_ALIGNED:warn RESULT:note",
                   words=["signed by laboratory.onmicrosoft.com",
                          "Set-DkimSigningConfig -Identity {domain} "
                          "-Enabled $true"]),
         more_said={"selector1-laboratory-onmicrosoft-com": "OK:ok"}.items(),
         args=message("msg-initial")),
    # -- guesses -----------------------------------------------------------
    row("guess-one", "a selector that a provider gives to everybody",
        {"google": Said("OK:ok", words="a guess (Google Workspace)")},
        [key_at("google")], args=["--guess-selectors"],
        must_not="DKIM_GUESS_NONE DKIM_NOT_ASKED"),
    row("guess-broken", "one with a broken key, that nobody asked for",
        {"google": "KEY_MALFORMED:warn", "k1": "OK:ok"},
        [key_at("google", BROKEN_KEY), key_at("k1")],
        args=["--guess-selectors"], must_not="DKIM_GUESS_NONE"),
    row("guess-none", "no selector that anybody would guess",
        {None: Said("GUESS_NONE:note", words="tried")}, [key_at("x7f")],
        args=["--guess-selectors"], must_not="DKIM_NOT_ASKED"),
    row("guess-none-required", "the same where DKIM is required",
        {None: "GUESS_NONE:unknown"}, [key_at("x7f")],
        args=["--guess-selectors"], judge_args=["--require", "dkim"],
        status="unknown", exits=3),
    row("guess-wildcard", "a wildcard has a record for every selector",
        {None: Said("GUESS_NONE:note", words="a wildcard")},
        [("*", "TXT", '"v=spf1 -all"')], args=["--guess-selectors"]),
    row("guess-no-mail", "a wildcard with an empty key",
        {None: "NO_MAIL_DOMAIN:note"},
        [("*._domainkey", "TXT", '"v=DKIM1; p="')],
        args=["--guess-selectors"], must_not="DKIM_GUESS_NONE"),
]
