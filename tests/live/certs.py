# SPDX-License-Identifier: ISC
"""Certificates made for one run: an own CA, an intermediate, and leaves.

certtool makes them, since it takes any dates.  Keys: ECDSA P-256 per host,
RSA 2048 shared (making one takes long).
"""

import base64
import hashlib
import os
import re
import subprocess
import threading
import time

DAY = 86400


def run(command):
    done = subprocess.run(command, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")


def der(pem):
    """The DER of the first certificate in a PEM text."""
    body = re.search("-----BEGIN CERTIFICATE-----(.*?)-----END", pem,
                     re.DOTALL).group(1)
    return base64.b64decode("".join(body.split()))


def element(data, at):
    """(start of content, end) of the DER element at an offset."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7f
        length = int.from_bytes(data[start:start + count], "big")
        start += count
    return start, start + length


def spki(certificate):
    """The SubjectPublicKeyInfo of a certificate, RFC 5280 4.1."""
    at, _ = element(certificate, 0)
    at, end = element(certificate, at)
    if certificate[at] == 0xa0:             # version
        at = element(certificate, at)[1]
    for _ in range(5):      # serial, algorithm, issuer, validity, subject
        at = element(certificate, at)[1]
    assert at < end
    return certificate[at:element(certificate, at)[1]]


def association(certificate, selector, matching):
    """The data of a TLSA record, as hex."""
    data = certificate if selector == 0 else spki(certificate)
    if matching == 0:
        return data.hex()
    return (hashlib.sha256 if matching == 1 else hashlib.sha512)(
        data).hexdigest()


class Authority:
    """The run's certificates, in one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.now = int(time.time())
        self.serial = 0
        self.lock = threading.Lock()
        self.rsa = {}
        os.makedirs(folder, exist_ok=True)
        self.root = self._ca("root", None, 3650)
        self.intermediate = self._ca("intermediate", "root", 1825)
        # A second CA with which nobody has anything to do.
        self.stranger = self._ca("stranger", None, 3650)

    def path(self, name):
        return os.path.join(self.folder, name)

    def _key(self, name, kind):
        path = self.path(name + ".key")
        run(["certtool", "--generate-privkey", "--no-text", "--outfile",
             path] + (["--key-type=ecdsa", "--curve=secp256r1"]
                      if kind == "ec" else ["--key-type=rsa", "--bits",
                                            kind[3:]]))
        os.chmod(path, 0o600)
        return path

    def _rsa_key(self, kind):
        with self.lock:
            if kind not in self.rsa:
                self.rsa[kind] = self._key(kind, kind)
            return self.rsa[kind]

    def certificate(self, name, key, issuer, lines, start, end):
        with self.lock:
            self.serial += 1
            serial = self.serial
        template = self.path(name + ".template")
        date = "%Y-%m-%d %H:%M:%S UTC"
        with open(template, "w", encoding="ascii") as file:
            file.write("\n".join(lines + [
                f"serial = {serial + 1000}",
                'activation_date = "'
                + time.strftime(date, time.gmtime(self.now + start)) + '"',
                'expiration_date = "'
                + time.strftime(date, time.gmtime(self.now + end)) + '"',
            ]) + "\n")
        command = ["certtool", "--template", template, "--load-privkey", key,
                   "--outfile", self.path(name + ".pem"), "--no-text",
                   "--hash=SHA256"]
        if issuer is None:
            run(command + ["--generate-self-signed"])
        else:
            run(command + ["--generate-certificate",
                           "--load-ca-certificate",
                           self.path(issuer + ".pem"),
                           "--load-ca-privkey", self.path(issuer + ".key")])
        with open(self.path(name + ".pem"), encoding="ascii") as file:
            return file.read()

    def _ca(self, name, issuer, days):
        return self.certificate(
            name, self._key(name, "ec"), issuer,
            [f'cn = "Laboratory {name} CA"', "ca", "cert_signing_key"],
            -100 * DAY, days * DAY)

    def leaf(self, name, names, kind="ec", start=-30 * DAY, end=60 * DAY,
             self_signed=False):
        """(PEM of the key, PEM of the certificate) of a mail server."""
        key = self._key(name, "ec") if kind == "ec" else self._rsa_key(kind)
        pem = self.certificate(
            name, key, None if self_signed else "intermediate",
            [f'cn = "{names[0]}"', "tls_www_server", "signing_key"]
            + [f'dns_name = "{each}"' for each in names], start, end)
        with open(key, encoding="ascii") as file:
            return file.read(), pem
