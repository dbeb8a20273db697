# SPDX-License-Identifier: ISC
"""The table of what is broken: one function a row, found by its name."""

ROWS = []


class Row:
    """A change of one family.

    apply  function(family)
    want   the states that the questions in family.hits may have, by the
           rules; a reminder that the change does what it says
    when   function(algorithm, denial) -> bool: can this zone be changed so
    everywhere   each algorithm and denial has one
    """

    def __init__(self, name, apply, want, when, everywhere):
        self.name = name
        self.apply = apply
        self.want = want.split("|")
        self.when = when
        self.everywhere = everywhere


def any_zone(algorithm, denial):
    del algorithm, denial
    return True


def hashed(algorithm, denial):
    del algorithm
    return denial != "nsec"


def plain(algorithm, denial):
    del algorithm
    return denial == "nsec"


def opted_out(algorithm, denial):
    del algorithm
    return denial == "opt-out"


def not_opted_out(algorithm, denial):
    del algorithm
    return denial != "opt-out"


def modern(algorithm, denial):
    del denial
    return algorithm not in (5, 7)


def row(want, when=any_zone, name=None, everywhere=False):
    """Decorator: the function is a row of the table."""
    def add(function):
        ROWS.append(Row(name or function.__name__.strip("_").replace(
            "_", "-"), function, want, when, everywhere))
        return function
    return add
