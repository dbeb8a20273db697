# SPDX-License-Identifier: ISC
"""Namespaces and a folder of its own for a run against real servers."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

from lab import SBIN

HERE = os.path.dirname(os.path.abspath(__file__))
TRIAL = 30      # seconds to make a namespace
INSIDE = "--inside"


def give_up(why):
    print(f"Bail out! the laboratory: {why}")
    sys.exit(1)


def namespaces():
    """The unshare command that works here, or the end."""
    common = ["unshare", "--net", "--mount", "--pid", "--uts", "--fork",
              "--kill-child", "--mount-proc"]
    if os.geteuid() == 0:
        command, missing = common, "the right to make namespaces"
    else:
        command = common + ["--user", "--map-root-user", "--map-auto"]
        missing = "user namespaces with a range of ids (package uidmap, " \
            f"and a line for user id {os.getuid()} in /etc/subuid and " \
            "/etc/subgid), or root"
    # Where it may not, the helper of --map-auto outlives unshare and would
    # hold a pipe open for ever: a file, and an end for the whole group.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.Popen(command + ["true"], stdout=said, stderr=said,
                                stdin=subprocess.DEVNULL,
                                start_new_session=True)
        try:
            done.wait(TRIAL)
        except subprocess.TimeoutExpired:
            said.write("no end to it\n")
        try:
            os.killpg(done.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        done.wait()
        said.seek(0)
        lines = said.read().strip().splitlines()
    if done.returncode != 0:
        reason = lines or ["no reason given"]
        give_up(f"needs {missing} ({reason[-1]})")
    return command


def find_programs(packages):
    """{program: package}: the packages that lack; PATH with SBIN."""
    os.environ["PATH"] = os.pathsep.join(
        [os.environ.get("PATH", "/usr/bin:/bin"), *SBIN])
    return sorted({package for program, package in packages.items()
                   if shutil.which(program) is None})


def program():
    """The path of the program under test, or the end."""
    candidates = [os.environ["MXPROOF"]] if os.environ.get("MXPROOF") else [
        "src/mxproof", os.path.join(HERE, "../../src/mxproof")]
    for each in candidates:
        if os.access(each, os.X_OK):
            return os.path.abspath(each)
    give_up("no program at " + " or ".join(candidates)
            + "; build it, or name it in MXPROOF")


def enter(script, arguments, keep):
    """Run the script again, INSIDE, in a folder and namespaces of its own."""
    binary = program()
    command = namespaces()
    folder = tempfile.mkdtemp(prefix="mxproof-lab.")
    os.chmod(folder, 0o711)     # the servers run under ids of their own
    status = 1
    try:
        status = subprocess.run(
            command + [sys.executable, "-B", os.path.abspath(script),
                       INSIDE, folder] + arguments, check=False,
            env=dict(os.environ, MXPROOF=binary)).returncode
    except KeyboardInterrupt:
        status = 130
    finally:
        if keep:
            print(f"# kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
            if os.path.exists(folder):  # files of the servers' own ids
                subprocess.run(
                    ["unshare", "--user", "--map-root-user", "--map-auto",
                     "rm", "-rf", folder], check=False)
    return status
