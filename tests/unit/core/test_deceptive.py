"""What may fool a reader is found, and what people write is left alone."""

from __future__ import annotations

import pytest

from llm_notebook.core.deceptive import spans
from llm_notebook.core.remarks import loads_when_drawn, remarks


def named(text: str, *, prose: bool = False) -> str:
    """The text with each span as its code points in brackets."""
    out, at = "", 0
    for span in spans(text, prose=prose):
        points = " ".join(f"{ord(char):04X}" for char in text[span.start : span.end])
        out += text[at : span.start] + (f"<{points}>" if span.kind != "gap" else "<gap>")
        at = span.end
    return out + text[at:]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ex\u0435c(x)", "ex<0435>c(x)"),
        ("\u0435\u0445\u0435\u0441(x)", "<0435><0445><0435><0441>(x)"),
        ("\u0430 = 1", "<0430> = 1"),
        ("ev\u00aal(x)", "ev<00AA>l(x)"),
        ("\uff4f\uff53.system", "<FF4F><FF53>.system"),
        ("\U0001d41ev\U0001d41al", "<1D41E>v<1D41A>l"),
        ("if\u200b x", "if<200B> x"),
        ("i\u00adf", "i<00AD>f"),
        ("a\u202eb\u2066c\u061cd", "a<202E>b<2066>c<061C>d"),
        ("x\U000e0041", "x<E0041>"),
        ("x\ufe0f\U000e0101", "x<FE0F><E0101>"),
        ("\u3164 = 1", "<3164> = 1"),
        ("a\u2800b\u2063c\ue000d", "a<2800>b<2063>c<E000>d"),
        ("x = 1 # a\rb", "x = 1 # a<000D>b"),
        ("x\x0cy\x0bz\x85", "x<000C>y<000B>z<0085>"),
        ("a\u2028b", "a<2028>b"),
        ("x =\u0338 y", "x =<0338> y"),
        ("s\u0336t", "s<0336>t"),
        ("rm\u00a0-rf", "rm<00A0>-rf"),
        ("x" + " " * 60 + "y", "x<gap>y"),
        ("x" + "\t" * 12 + "y", "x<gap>y"),
        ("paypa\u04cf.com", "paypa<04CF>.com"),
        ("x\ud800y", "x<D800>y"),
    ],
)
def test_found(text: str, shown: str) -> None:
    assert named(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "plain = 1\n\ttabbed\r\n",
        "na\u00efve caf\u00e9 \u00fcber \u0142\u00f3d\u017a \u0131\u015f\u0131k",
        "# \u0421\u0447\u0438\u0442\u0430\u0435\u043c \u0430 \u0441\u0443\u043c\u043c\u0443",
        "# \u0391\u03c5\u03c4\u03cc \u03b5\u03af\u03bd\u03b1\u03b9 \u03bc\u03b9\u03b1",
        "# \u8fd9\u662f\u4e00\u4e2a\u6d4b\u8bd5\uff0c\u5171\uff13\u5217",
        "# \u3053\u308c\u306f\u30c6\u30b9\u30c8\u3067\u3059",
        "# \ud14c\uc2a4\ud2b8\uc785\ub2c8\ub2e4",
        "# \u05d6\u05d4\u05d5 \u05de\u05d1\u05d7\u05df",
        "# \u0647\u0630\u0627 \u0627\u062e\u062a\u0628\u0627\u0631",
        "# \u092f\u0939 \u090f\u0915 \u092a\u0930\u0940\u0915\u094d\u0937\u0923 \u0939\u0948",
        "# Ti\u1ebfng Vi\u1ec7t, e\u0301 o\u0302\u0301",
        "\u03c3_x = \u03bc + \u03b1 * \u0394t; \u03c1 = 5; x\u0304 = 2",
        "10 \u00b5m, m\u00b2, 20 \u00b0C, \u20ac, \u2264, \u2192, \u2026",
        "ok \u2764\ufe0f \U0001f44d\U0001f3fd \U0001f469\u200d\U0001f4bb 1\ufe0f\u20e3",
        "aligned" + " " * 59 + "# far",
        "ends" + " " * 90 + "\n" + " " * 90,
    ],
)
def test_left_alone(text: str) -> None:
    assert named(text) == text


def test_in_prose_spaces_and_joiners_are_what_they_should_be() -> None:
    text = "12\u202f000 lignes\u00a0: \u0645\u06cc\u200c\u0634\u0648\u062f \u3000"
    assert named(text, prose=True) == text
    assert named("a\u200cb\u200d", prose=True) == "a<200C>b<200D>"
    assert len(spans(text)) == 4


def test_remarks_are_of_new_lines_only() -> None:
    odd = "x\u200b = 1"
    assert remarks(odd) == ("1 hidden or odd character, in line 1.",)
    assert remarks(f"{odd}\ny = 2", odd) == ()
    assert remarks("\n" * 40) == ()
    assert remarks("\n" * 11 + "x") == ()


@pytest.mark.parametrize("text", ["![a](x.png)", "**b** <i>c</i> [d](https://e.example)", "a < b"])
def test_ordinary_markdown_loads_nothing(text: str) -> None:
    assert loads_when_drawn(text) is None
