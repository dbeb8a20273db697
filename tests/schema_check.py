#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Check JSON against a schema: schema_check.py [--strict] SCHEMA [FILE]...

Each file holds one JSON object, or one a line (JSON Lines); without a file,
standard input is read.  What is wrong is printed with its place, as
"file: dns[3].outcome: ...", and the exit status is 1 then.  --strict: what we
write ourselves has no member that the schema does not name, so that one that
is renamed or forgotten there shows.
"""
import json
import sys

import jsonschema


def objects(text):
    """The JSON values that stand one after the other in a text."""
    decoder = json.JSONDecoder()
    at = 0
    while True:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at == len(text):
            return
        value, at = decoder.raw_decode(text, at)
        yield value


def strict(schema):
    """The schema, with no other members than those it names."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {word: strict(each) for word, each in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        closed["additionalProperties"] = False
    return closed


def place(error):
    path = ""
    for step in error.absolute_path:
        if isinstance(step, int):
            path += "[%d]" % step
        else:
            path += ("." if path else "") + step
    return path or "top"


def check(validator, name, text):
    good = True
    found = 0
    try:
        for value in objects(text):
            found += 1
            for error in sorted(validator.iter_errors(value),
                                key=lambda e: list(map(str,
                                                       e.absolute_path))):
                good = False
                print("%s: %s: %s" % (name, place(error),
                                      error.message[:300]))
    except ValueError as error:
        print("%s: not JSON: %s" % (name, error))
        return False
    if found == 0:
        print("%s: no JSON value" % name)
        return False
    return good


def main(argv):
    closed = argv[1:2] == ["--strict"]
    if closed:
        del argv[1]
    if len(argv) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    with open(argv[1], encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        strict(schema) if closed else schema)
    good = True
    for name in argv[2:] or ["-"]:
        if name == "-":
            text = sys.stdin.read()
        else:
            with open(name, encoding="utf-8") as f:
                text = f.read()
        good = check(validator, name, text) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
