"""The content of a module in parts, to be read one after the other on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: its heading, without Markdown, and the text below it."""

    number: int
    title: str
    text: str


def parts(content: str) -> Sequence[Part]:
    """Split Markdown at its level-2 headings; what stands before the first begins the first part.

    Content without two such headings is one part without a title. Nothing is lost or said twice.
    """
    # Lines as Markdown counts them: Python's splitlines knows seven more ends of a line.
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    lines = content.split("\n")
    heads = _headings(content)
    if len(heads) < 2:
        return (Part(number=1, title="", text=content),) if content.strip() else ()
    before = "\n".join(lines[: heads[0][0]])
    ends = [begin for begin, _, _ in heads[1:]] + [len(lines)]
    found = []
    for number, ((_, begin, title), end) in enumerate(zip(heads, ends, strict=True), start=1):
        text = "\n".join(lines[begin:end])
        found.append(
            Part(number=number, title=title, text=f"{before}\n{text}" if number == 1 else text)
        )
    return tuple(found)


def _headings(content: str) -> list[tuple[int, int, str]]:
    """Return where each level-2 heading begins and ends, and its words."""
    tokens = MARKDOWN.parse(content)
    return [
        (token.map[0], token.map[1], _words(tokens[at + 1]))
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2" and not token.level and token.map
    ]


def _words(heading: Token) -> str:
    return "".join(child.content for child in heading.children or () if child.content).strip()
