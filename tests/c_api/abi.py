"""The interface of the shared library: what it exports is what abi.txt says, and no more.

    abi.py LIBRARY [--write]

The functions of demitasse.h are listed with their types, which compiled programs and other
languages rely on: lines may be added to abi.txt, not changed. Of C++ the classes of the public
headers and the schema may be exported, and what the compiler makes of templates for them.
"""

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
HEADER = HERE.parent.parent / "include" / "demitasse.h"
LIST = HERE / "abi.txt"


def declarations():
    """The functions of the header, each in one line, without the names of the parameters."""
    text = re.sub(r"//[^\n]*|^#[^\n]*", "", HEADER.read_text(), flags=re.M)
    lines = [" ".join(t.split()) for t in re.findall(r"typedef [^;]*\(\*[^;]*", text)]
    for declaration in re.findall(r"DEMITASSE_C_API ([^;]*);", text):
        words = " ".join(declaration.split())
        result, name, parameters = re.fullmatch(r"(.*?)(\w+)\((.*)\)", words).groups()
        types = [p if p == "void" else re.sub(r"\w+$", "", p).strip()
                 for p in parameters.split(", ")]
        lines.append(f"{result.strip()} {name}({', '.join(types)})")
    return sorted(lines, key=lambda line: re.search(r"demitasse_\w+(?=[()])", line).group())


def exported(library):
    """(kind, symbol as it is written in C++) of every dynamic symbol that the library defines."""
    names = subprocess.run(["nm", "-D", "-C", "--defined-only", library], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    return [line.split(" ", 2)[1:] for line in names]


def main():
    library = sys.argv[1]
    found = declarations()
    if sys.argv[2:] == ["--write"]:
        LIST.write_text("".join(line + "\n" for line in found))
    problems = []
    expected = LIST.read_text().splitlines()
    problems += [f"not in demitasse.h any more: {line}" for line in expected if line not in found]
    problems += [f"new, add it to abi.txt: {line}" for line in found if line not in expected]

    functions = {re.search(r"(\w+)\(", line).group(1) for line in found if "(*" not in line}
    symbols = exported(library)
    c_symbols = {name for _, name in symbols if re.fullmatch(r"\w+", name)}
    problems += [f"not exported: {name}" for name in sorted(functions - c_symbols)]
    problems += [f"exported, but not in demitasse.h: {name}" for name in sorted(c_symbols - functions)]
    for kind, name in symbols:
        if kind in "VW" or name in c_symbols:  # weak: of templates and inline functions
            continue
        if not re.search(r"\b(demitasse|caffe)::", name):
            problems.append(f"exported, but of neither demitasse nor caffe: {name}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
