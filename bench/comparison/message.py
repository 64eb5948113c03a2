"""A protobuf message as text, in the form that `demitasse upgrade` writes: one field on a line.

Values stay the text they were, quotes included, until somebody asks for them.
"""


class Message:
    """An ordered list of fields (name, value); a value is text or another Message."""

    def __init__(self, fields=()):
        self.fields = list(fields)

    @staticmethod
    def parse(text):
        open_messages = [Message()]
        for line in map(str.strip, text.splitlines()):
            if line.endswith("{"):
                child = Message()
                open_messages[-1].fields.append((line[:-1].strip(), child))
                open_messages.append(child)
            elif line == "}":
                open_messages.pop()
            elif line and not line.startswith("#"):
                name, value = line.split(":", 1)
                open_messages[-1].fields.append((name, value.strip()))
        return open_messages[0]

    def to_text(self, indent=""):
        lines = []
        for name, value in self.fields:
            if isinstance(value, Message):
                lines.append(f"{indent}{name} {{\n{value.to_text(indent + '  ')}{indent}}}\n")
            else:
                lines.append(f"{indent}{name}: {value}\n")
        return "".join(lines)

    def all(self, name):
        return [value for field, value in self.fields if field == name]

    def message(self, name):
        """The message in this field; an empty one if there is none."""
        return next(iter(self.all(name)), Message())

    def text(self, name, default=""):
        return next(iter(self.all(name)), default).strip("\"'")

    def texts(self, name):
        return [value.strip("\"'") for value in self.all(name)]

    def number(self, name, default=0.0):
        return float(self.text(name, str(default)))

    def numbers(self, name):
        return [int(value) for value in self.all(name)]

    def flag(self, name, default=False):
        return self.text(name, str(default).lower()) == "true"

    def remove(self, *names):
        self.fields = [(name, value) for name, value in self.fields if name not in names]

    def set(self, name, value):
        self.remove(name)
        self.fields.append((name, value))

    def copy(self):
        return Message((name, value.copy() if isinstance(value, Message) else value)
                       for name, value in self.fields)
