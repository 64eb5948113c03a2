#!/usr/bin/env python3
"""A header with its plain comments as Doxygen wants them, for INPUT_FILTER in docs/Doxyfile.

The comment that opens a file describes the file. One in front of a declaration describes it and
the declarations right behind it, up to an empty line; one behind a member describes the member.
"""

import re
import sys


def comment(line):
    """A comment line of ours as one of Doxygen's; code in it is indented."""
    return re.sub(r"^(\s*)//(   )?", lambda m: m[1] + "///" + ("      " if m[2] else ""), line)


def paragraph(lines):
    """Lines between two empty ones."""
    declares = any(not re.match(r"\s*(//|#|\}|namespace|public|private|protected)", line)
                   for line in lines)
    if not declares:
        return lines
    lines = [comment(line) if re.match(r"\s*//", line) else re.sub(r"  // ", "  ///< ", line)
             for line in lines]
    closed = "".join(lines).count("{") == "".join(lines).count("}")
    if closed and sum(not line.lstrip().startswith("///") for line in lines) > 1:
        first = next((i for i, line in enumerate(lines) if line.lstrip().startswith("///")), None)
        if first is not None:
            lines.insert(first, "///@{")
            lines.append("///@}")
    return lines


def main():
    lines = open(sys.argv[1]).read().split("\n")
    end = next((i for i, line in enumerate(lines) if not line.startswith("//")), 0)
    result = ["/// @file"] * (end > 0) + [comment(line) for line in lines[:end]]
    block = []
    for line in lines[end:] + [""]:
        if line:
            block.append(line)
        else:
            result += paragraph(block) + [""]
            block = []
    print("\n".join(result))


main()
