"""The interface of the shared library: what it exports is what abi.txt says, and no more.

    abi_test.py LIBRARY [--write]

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


def public_names():
    """The classes and functions of namespace demitasse that are marked DEMITASSE_API."""
    names = set()
    for header in HEADER.parent.rglob("*.hpp"):
        text = header.read_text()
        names.update(re.findall(r"(?:class|struct) DEMITASSE_API (\w+)", text))
        names.update(re.findall(r"^DEMITASSE_API [^;({]*?(\w+)\(", text, flags=re.M))
    return names


def is_public(symbol, names):
    """Whether a symbol as it is written in C++ belongs to the schema or one of those names."""
    scopes = re.findall(r"\b(demitasse|caffe)::(\w+)", symbol)
    return "caffe_2eproto" in symbol or any(
        scope == "caffe" or name in names for scope, name in scopes)


def problems_of_list(found):
    expected = LIST.read_text().splitlines()
    return ([f"not in demitasse.h any more: {line}" for line in expected if line not in found] +
            [f"new, add it to abi.txt: {line}" for line in found if line not in expected])


def problems_of_library(library, functions):
    symbols = exported(library)
    c_symbols = {symbol for _, symbol in symbols if re.fullmatch(r"demitasse_\w+", symbol)}
    problems = [f"not exported: {name}" for name in sorted(functions - c_symbols)]
    problems += [f"exported, not in demitasse.h: {name}" for name in sorted(c_symbols - functions)]
    names = public_names()
    for kind, symbol in symbols:
        # Weak ones: what every program that includes the headers has, too.
        if kind not in "VWu" and symbol not in c_symbols and not is_public(symbol, names):
            problems.append(f"exported, and not public: {symbol}")
    return problems


def main():
    library = sys.argv[1]
    found = declarations()
    if sys.argv[2:] == ["--write"]:
        LIST.write_text("".join(line + "\n" for line in found))
    functions = {re.search(r"(\w+)\(", line)[1] for line in found if "(*" not in line}
    problems = problems_of_list(found) + problems_of_library(library, functions)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
