"""Counts what a session file holds, for the scripts beside it.

usage: session.py FILE      prints "SPECTRA COMPARISONS DONE FAILED": answers that are there, answers that are a failure
Exit code 1, with a sentence, for a file that is not whole.
"""
import json
import struct
import sys
import zlib
from pathlib import Path

HEAD_BYTES = 64


def index(path):
    content = Path(path).read_bytes()
    if content[:8] != b"\x89USES\r\n\x1a":
        sys.exit(f"{path}: this is no session file")
    version, crc = struct.unpack_from("<II", content, 8)
    length = struct.unpack_from("<Q", content, 16)[0]
    if version != 1 or zlib.crc32(content[HEAD_BYTES:]) != crc:
        sys.exit(f"{path}: version {version} instead of 1, or a wrong checksum")
    return json.loads(content[HEAD_BYTES : HEAD_BYTES + length])


if __name__ == "__main__":
    found = index(sys.argv[1])
    answers = [answer for _, by_method in found["answers"] for answer in by_method.values()]
    done = sum("done" in answer for answer in answers)
    print(len(found["items"]), len(found["comparisons"]), done, len(answers) - done)
