#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The corpora of the fuzz targets: one file each, a line an input.

    corpus.py unpack TARGET FOLDER   its inputs as files, as libFuzzer wants them
    corpus.py pack TARGET FOLDER     back; lines with a name stay, the others go
    corpus.py add TARGET NAME FILE   an input to look at for ever, with its name

A folder of hundreds of files could not be listed in EXTRA_DIST, nor read in a
diff.  What a line looks like is said in replay.c.

To renew a corpus after a long run whose inputs are in FOLDER:
    mkdir less && fuzz_TARGET -merge=1 -max_len=... less FOLDER
    corpus.py pack TARGET less
"""
import hashlib
import os
import pathlib
import re
import sys

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"


def to_line(data):
    """Hex, or text where that is shorter."""
    text = '"' + "".join(
        "\\\\" if c == 0x5c else chr(c) if 0x20 <= c <= 0x7e else f"\\x{c:02x}"
        for c in data)
    return min(text, data.hex(), key=len) if data else '"'


def from_line(line):
    if not line.startswith('"'):
        return bytes.fromhex(line)
    return re.sub(
        rb"\\(\\|x([0-9a-f]{2}))",
        lambda m: bytes.fromhex(m[2].decode()) if m[2] else b"\\",
        line[1:].encode())


NAMED = re.compile(r"[^\"#:]+: ")


def lines(target):
    """The name, or None, and the octets of each input."""
    for line in (CORPUS / target).read_text().splitlines():
        if line and not line.startswith("#"):
            name = NAMED.match(line)
            yield (name[0][:-2], from_line(line[name.end():])) if name \
                else (None, from_line(line))


def unpack(target, folder):
    for _, data in lines(target):
        name = hashlib.sha1(data).hexdigest()
        pathlib.Path(folder, name).write_bytes(data)


def write(target, kept, others):
    """Those with a name as they came, the others in order."""
    path = CORPUS / target
    rest = sorted({to_line(data) for data in others},
                  key=lambda t: (len(t), t))
    path.write_text("\n".join(
        [f"# Inputs of fuzz_{target}: see replay.c and corpus.py.",
         *(f"{name}: {to_line(data)}" for name, data in kept), *rest, ""]))
    print(f"{path}: {len(kept)} inputs with a name, {len(rest)} others, "
          f"{path.stat().st_size} octets")


def parts(target):
    known = list(lines(target)) if (CORPUS / target).exists() else []
    return ([each for each in known if each[0] is not None],
            [data for name, data in known if name is None])


def pack(target, folder):
    write(target, parts(target)[0],
          [pathlib.Path(folder, each).read_bytes()
           for each in os.listdir(folder)])


def add(target, name, path):
    if not NAMED.fullmatch(name + ": "):
        sys.exit(f"not a name for an input: {name}")
    kept, others = parts(target)
    write(target, [*kept, (name, pathlib.Path(path).read_bytes())], others)


if __name__ == "__main__":
    commands = {"unpack": (unpack, 2), "pack": (pack, 2), "add": (add, 3)}
    command, count = commands.get(sys.argv[1] if len(sys.argv) > 1 else "",
                                  (None, 0))
    if command is None or len(sys.argv) != count + 2:
        sys.exit(__doc__.split("\n\n")[1])
    command(*sys.argv[2:])
