#!/usr/bin/env python3
"""Prints the manual page of the program, made of its own help.

usage: packaging/man.py PROGRAM
"""
import os
import re
import subprocess
import sys

PLACES = {
    "UNRAVEL_STATE_DIR": "Folder of autosaves and the list of recent files; without it $XDG_STATE_HOME/unravel or ~/.local/state/unravel.",
    "UNRAVEL_DATA_DIR": "Folder of your own library and models; without it $XDG_DATA_HOME/unravel or ~/.local/share/unravel.",
    "UNRAVEL_RENDERER": "Painter of the window that is tried first: glow (OpenGL) or wgpu (Vulkan).",
}
EXITS = (("0", "Everything was done."), ("1", "Some inputs failed and were reported; the rest was done."), ("2", "The command line was wrong."))


def run(program, *args):
    told = {**os.environ, "COLUMNS": "76"}
    return subprocess.run([program, *args], env=told, check=True, capture_output=True, text=True).stdout


def roff(text):
    safe = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in safe.splitlines())


def literal(text):
    return f".nf\n{roff(text.strip())}\n.fi"


def main(program):
    whole = run(program, "--help")
    about, rest = whole.split("\nUsage:", 1)
    commands = re.findall(r"^  (\w+) ", rest.split("Commands:")[1].split("Arguments:")[0], re.M)
    _, version = run(program, "--version").split()
    print(f'.TH UNRAVEL 1 "" "unravel {version}" "User Commands"')
    print(".SH NAME\nunravel \\- Raman workbench: what is a sample made of")
    print(".SH SYNOPSIS\n.B unravel\n[\\fIFILE\\fR...]\n.br\n.B unravel\n\\fICOMMAND\\fR ...")
    print(f".SH DESCRIPTION\n{roff(about.strip()).replace(chr(10) * 2, chr(10) + '.PP' + chr(10))}")
    print(".SH COMMANDS")
    for name in commands:
        if name != "help":
            print(f".SS unravel {name}\n{literal(run(program, name, '--help'))}")
    print(".SH ENVIRONMENT")
    for name, says in PLACES.items():
        print(f".TP\n.B {name}\n{roff(says)}")
    print(".SH EXIT STATUS")
    for code, says in EXITS:
        print(f".TP\n.B {code}\n{says}")


if __name__ == "__main__":
    main(sys.argv[1])
