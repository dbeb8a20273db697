# SPDX-License-Identifier: ISC
"""Keys for DKIM records, made when a zone first asks for them.

A TXT record's text names a key as {KEY} or {KEY.FORM}.  KEY: rsa-BITS, ec or
ed25519.  FORM: what stands in p= in place of the usual base64 text.

spki    SubjectPublicKeyInfo of a key whose usual form is another
pkcs1   RSAPublicKey, without the SubjectPublicKeyInfo around it
spaced  with white space in the base64 text
cut     the last octets are missing, and the base64 text is right
bad     a character that base64 has not
unpadded, short   without the final "=", without the last character
pem     between the lines of a PEM file
"""

import base64
import os
import re
import subprocess
import threading

from certs import element

NAMED = re.compile(r"\{([a-z0-9-]+)(?:\.([a-z0-9]+))?\}")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
LONGEST = 255       # octets of a character string, RFC 1035 3.3


def text(*strings):
    """The RDATA of a TXT record with these strings."""
    return " ".join('"' + re.sub(r'(["\\])', r"\\\1", each) + '"'
                    for each in strings)


def split(string):
    """A string's presentation, as strings that a record can hold."""
    letters = re.findall(r"\\\d{3}|\\.|[^\\]", string)
    return " ".join('"' + "".join(letters[at:at + LONGEST]) + '"'
                    for at in range(0, max(len(letters), 1), LONGEST))


def run(*command, data=None):
    return subprocess.run(command, input=data, check=True,
                          capture_output=True).stdout


class KeyRing:
    """The keys of one run."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()
        self.spkis = {}

    def private(self, name):
        """The path of a private key, which only its owner may read."""
        path = os.path.join(self.folder, name + ".pem")
        with self.lock:
            if os.path.exists(path):
                return path
            os.makedirs(self.folder, exist_ok=True)
            if name.startswith("rsa-"):
                bits = name.removeprefix("rsa-")
                # Long ones of four primes are quicker to find.
                primes = "4" if int(bits) >= 4096 else "2"
                made = run("openssl", "genrsa", "-primes", primes, bits)
            elif name == "ec":
                made = run("openssl", "genpkey", "-algorithm", "EC",
                           "-pkeyopt", "ec_paramgen_curve:P-256")
            else:
                made = run("openssl", "genpkey", "-algorithm", name)
            with open(path, "wb") as file:
                os.chmod(path, 0o600)
                file.write(made)
        return path

    def spki(self, name):
        if name not in self.spkis:
            self.spkis[name] = run("openssl", "pkey", "-in",
                                   self.private(name), "-pubout", "-outform",
                                   "DER")
        return self.spkis[name]

    def bare(self, name):
        """What the SubjectPublicKeyInfo wraps, RFC 5280 4.1."""
        spki = self.spki(name)
        at = element(spki, element(spki, 0)[0])[1]
        start, end = element(spki, at)
        return spki[start + 1:end]

    def word(self, name, form):
        """What takes the place of {name.form}."""
        if form == "pkcs1" or (name == "ed25519" and not form):
            return base64.b64encode(self.bare(name)).decode()
        data = self.spki(name)
        if form == "cut":
            data = data[:-24]
        out = base64.b64encode(data).decode()
        half = len(out) // 2
        if form == "spaced":
            return " ".join(re.findall(".{1,40}", out))
        if form == "bad":
            return out[:half] + "!" + out[half + 1:]
        if form == "unpadded":
            assert out.endswith("=")
            return out.rstrip("=")
        if form == "short":
            return out.rstrip("=")[:-1]
        if form == "pem":
            return f"-----BEGIN PUBLIC KEY-----{out}-----END PUBLIC KEY-----"
        assert form in (None, "spki", "cut"), form
        return out

    def fill(self, line):
        """A line of a zone with the keys in it."""
        if not NAMED.search(line):
            return line
        return STRING.sub(lambda found: split(NAMED.sub(
            lambda key: self.word(*key.groups()), found.group(1))), line)
