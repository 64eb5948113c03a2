#!/usr/bin/env python3
"""A header with its plain comments as Doxygen wants them, for INPUT_FILTER in docs/Doxyfile.

The comment that opens a file describes the file, and the class that it begins with ("Net: ..."). One
in front of a declaration describes it and those right behind it, up to an empty line; one behind a
member describes the member.
"""

import re
import sys


def comment(line):
    """A comment line of ours as one of Doxygen's; code in it is indented."""
    return re.sub(r"^(\s*)//(   )?", lambda m: m[1] + "///" + ("      " if m[2] else ""), line)


def opening(lines, text):
    """The comment that opens the file, for the file and for its class."""
    described = [comment(line) for line in lines]
    name = re.match(r"// (\w+): ", lines[0]) if lines else None
    if name and re.search(rf"\bclass (DEMITASSE_API )?{name[1]}\b", text):
        return ["/// @file"] + described + ["", f"/// @class demitasse::{name[1]}"] + described
    return ["/// @file"] * bool(lines) + described


def paragraph(lines):
    """Declarations that stand together, with the comments in front of them."""
    if all(re.match(r"\s*(//|#(?!define)|namespace)", line) for line in lines):
        return lines
    lines = [comment(line) if re.match(r"\s*//", line) else line.replace("  // ", "  ///< ")
             for line in lines]
    is_comment = [line.lstrip().startswith("///") for line in lines]
    text = "".join(lines)
    is_whole = text.count("{") == text.count("}") and "#" not in text
    if is_whole and any(is_comment) and is_comment.count(False) > 1:
        return lines[:is_comment.index(True)] + ["///@{"] + lines[is_comment.index(True):] + ["///@}"]
    return lines


def main():
    text = open(sys.argv[1]).read()
    lines = text.split("\n")
    end = next(i for i, line in enumerate(lines) if not line.startswith("//"))
    result = opening(lines[:end], text)
    block = []
    for line in lines[end:] + [""]:
        if line and not re.match(r"\s*(public:|protected:|private:|\}(;|  // namespace))", line):
            block.append(line)
            if not re.match(r"\s*(class|struct|enum|namespace)\b.*\{$", line):
                continue
            line = None
        result += paragraph(block) + [line] * (line is not None)
        block = []
    print("\n".join(result))


main()
