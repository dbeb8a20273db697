# SPDX-License-Identifier: ISC
"""The pipelines of the README."""
import datetime
import json
import os
import re
import shlex
import shutil
import subprocess

from certs import DAY
from changes import FOR

LIMIT = 300
HOUR = 3600
TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


class Gate:
    """These tests of WhatIf, which has the tools."""

    def gate(self):
        """As it is printed, with a program of the laboratory's options."""
        with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
            readme = file.read()
        script = self.write("gate", re.search(
            "^```sh\n(#!/bin/sh\n.*?)^```$", readme,
            re.MULTILINE | re.DOTALL)[1])
        # Where a repository has it as a submodule, and in the PATH.
        folder = self.lab.path("whatif-bin", "mxproof", "src")
        os.makedirs(folder)
        program = os.path.join(folder, "mxproof")
        with open(program, "w", encoding="ascii") as file:
            file.write(f"""#!/bin/sh
case " $* " in
*" --replay "*) exec {shlex.quote(self.runner.program)} "$@" ;;
esac
exec {shlex.quote(self.runner.program)} --resolver 127.53.0.1 \\
    --allow-special-addresses \\
    --trust-anchor {shlex.quote(self.lab.path("root.anchor"))} "$@"
""")
        os.chmod(program, 0o755)
        complaints = []
        for domain, name, status, words in (
                (FOR, "plain", 0, "may be published"),
                (FOR, "no_tlsa", 1, "must not be published"),
                (FOR, "no_host", 1, "must not be published"),
                ("greylist-421.example", None, 3, "could not tell")):
            path = self.files[name] if name else \
                self.lab.forge.file(self.zone(domain))
            done = subprocess.run(
                ["sh", script, domain, path], capture_output=True,
                timeout=LIMIT, check=False, env=dict(
                    self.runner.environment, PATH=folder + os.pathsep
                    + os.environ["PATH"]))
            if done.returncode != status \
                    or words not in (done.stdout + done.stderr).decode():
                complaints.append(f"{path}: {done.returncode}: "
                                  + done.stderr.decode()[:200])
        return complaints + self.pipelines(readme)

    def pipelines(self, readme):
        """What the GitHub workflow and the GitLab job run, step by step but
        for the installation."""
        folder = self.lab.path("whatif-bin")
        steps = [line for block in re.findall("^```yaml\n(.*?)^```$", readme,
                                              re.MULTILINE | re.DOTALL)
                 for line in re.findall("- (?:run: )?(mxproof/src/mxproof .*)",
                                        block)]
        record = os.path.join(folder, FOR + ".json")
        self.run("--record", record, FOR)
        # A recording of last night, and files that were signed since.
        with open(record, encoding="utf-8") as file:
            evidence = json.load(file)
        taken = datetime.datetime.fromisoformat(
            evidence["collected_at"].replace("Z", "+00:00"))
        evidence["collected_at"] = (taken - datetime.timedelta(
            hours=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
        with open(record, "w", encoding="utf-8") as file:
            json.dump(evidence, file)
        self.sign("signed_since", self.zone(FOR), 14 * DAY, start=-HOUR)
        self.sign("ended_since", self.zone(FOR), -HOUR)
        complaints = [] if len(steps) == 2 else [str(steps)]
        for step in steps:
            for name, status in (("plain", 0), ("no_tlsa", 1), ("no_host", 1),
                                 ("signed_since", 0), ("ended_since", 1)):
                shutil.copy(self.files[name],
                            os.path.join(folder, FOR + ".zone"))
                done = subprocess.run(
                    ["sh", "-c", step.replace("contoso.com", FOR)],
                    cwd=folder, capture_output=True, timeout=LIMIT,
                    check=False, env=self.runner.environment)
                if done.returncode != status:
                    complaints.append(f"{step}, {name}: {done.returncode}: "
                                      + done.stderr.decode()[:200])
        return complaints
